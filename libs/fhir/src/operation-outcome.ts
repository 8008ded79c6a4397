/** Codes of FHIR's IssueType that Samspill uses. */
export type IssueCode =
  | 'conflict'
  | 'deleted'
  | 'duplicate'
  | 'exception'
  | 'informational'
  | 'invariant'
  | 'not-supported'
  | 'required'
  | 'security'
  | 'structure'
  | 'throttled'
  | 'timeout'
  | 'too-long'
  | 'transient'
  | 'value';

export type IssueSeverity = 'fatal' | 'error' | 'warning' | 'information';

/** One problem: the place, the rule that does not hold there, and how to mend it. Never a value from the input. */
export interface Issue {
  readonly severity: IssueSeverity;
  readonly code: IssueCode;
  readonly rule: string;
  readonly mend: string;
  /** FHIRPath of the element, from the resource that was sent. */
  readonly place?: string;
}

export interface OperationOutcome {
  readonly resourceType: 'OperationOutcome';
  readonly issue: readonly {
    readonly severity: IssueSeverity;
    readonly code: IssueCode;
    readonly details: { readonly text: string };
    readonly diagnostics: string;
    readonly expression?: readonly string[];
  }[];
}

export const issue = (
  severity: IssueSeverity,
  code: IssueCode,
  rule: string,
  mend: string,
  place?: string,
): Issue => ({ severity, code, rule, mend, ...(place === undefined ? {} : { place }) });

/** The FHIR resource that carries issues: `details.text` is the rule, `diagnostics` the mend. */
export const operationOutcome = (issues: readonly Issue[]): OperationOutcome => ({
  resourceType: 'OperationOutcome',
  issue: issues.map(({ severity, code, rule, mend, place }) => ({
    severity,
    code,
    details: { text: rule },
    diagnostics: mend,
    ...(place === undefined ? {} : { expression: [place] }),
  })),
});

/** Collects the issues of one resource, so that one answer names all of them. */
export interface IssueList {
  readonly issues: readonly Issue[];
  refuse(code: IssueCode, element: string, rule: string, mend: string): void;
  warn(code: IssueCode, element: string, rule: string, mend: string): void;
  add(issues: readonly Issue[]): void;
}

/** How many issues of one severity an answer names: a body of millions of faults gets no answer of millions of issues. */
export const issuesMax = 50;

/**
 * A list for the resource at `root`; element paths are relative to it. What is found twice is named once; what is found
 * beyond {@link issuesMax} of a severity is told of, not named.
 */
export function issueList(root: string): IssueList {
  const issues: Issue[] = [];
  const known = new Set<string>();
  const counts = new Map<IssueSeverity, number>();
  const add = (found: Issue) => {
    const count = counts.get(found.severity) ?? 0;
    const name = `${found.place ?? ''} ${found.rule}`;
    if (count > issuesMax || known.has(name)) return;
    counts.set(found.severity, count + 1);
    known.add(name);
    issues.push(count < issuesMax ? found : more(found.severity));
  };
  const more = (severity: IssueSeverity) =>
    issue(severity, 'too-long', 'There are more such problems', 'Mend the named ones first.', root);
  const place = (element: string) => (element === '' ? root : `${root}.${element}`);
  return {
    issues,
    refuse: (code, element, rule, mend) => add(issue('error', code, rule, mend, place(element))),
    warn: (code, element, rule, mend) => add(issue('warning', code, rule, mend, place(element))),
    add: (found) => found.forEach(add),
  };
}

export const isRefusal = ({ severity }: Issue): boolean =>
  severity === 'error' || severity === 'fatal';
