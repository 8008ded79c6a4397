import { describe, expect, it } from 'vitest';
import { isRefusal, issueList, issuesMax, operationOutcome } from './operation-outcome.ts';

describe('the issues of a resource', () => {
  it('name a fault once, at its place below the resource', () => {
    const list = issueList('Bundle.entry[2].resource');
    list.refuse('value', 'status', 'a rule', 'a mend');
    list.refuse('value', 'status', 'a rule', 'a mend');
    list.warn('value', '', 'another rule', 'a mend');
    expect(list.issues.map(({ place }) => place)).toEqual([
      'Bundle.entry[2].resource.status',
      'Bundle.entry[2].resource',
    ]);
  });

  it('are at most so many of a severity, and the last says that there are more', () => {
    const list = issueList('Observation');
    for (let at = 0; at < 200_000; at += 1) list.warn('value', `a[${at}]`, 'a rule', 'a mend');
    expect(list.issues).toHaveLength(issuesMax + 1);
    expect(list.issues.at(-1)).toMatchObject({ code: 'too-long', place: 'Observation' });
  });

  it('refuse a resource also after more warnings than are named', () => {
    const list = issueList('Observation');
    for (let at = 0; at <= 2 * issuesMax; at += 1) list.warn('value', `a[${at}]`, 'rule', 'mend');
    list.refuse('value', 'status', 'a rule', 'a mend');
    expect(list.issues.some(isRefusal)).toBe(true);
  });

  it('become an OperationOutcome with rule, mend and place', () => {
    const list = issueList('Observation');
    list.refuse('value', 'status', 'a rule', 'a mend');
    expect(operationOutcome(list.issues)).toEqual({
      resourceType: 'OperationOutcome',
      issue: [
        {
          severity: 'error',
          code: 'value',
          details: { text: 'a rule' },
          diagnostics: 'a mend',
          expression: ['Observation.status'],
        },
      ],
    });
  });
});
