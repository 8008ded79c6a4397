/** One thing that is wrong with a request. No patient in any of it. */
export interface Problem {
  /** FHIR issue type: structure, value, required, login, forbidden, transient, ... */
  readonly code: string;
  /** Where: a FHIRPath, header or parameter name. */
  readonly place: string;
  readonly rule: string;
  readonly mend: string;
}

/** A request is refused as a whole; the filter renders it in the service's own style. */
export class HttpRefusal extends Error {
  override readonly name = 'HttpRefusal';
  constructor(
    readonly status: number,
    readonly problems: readonly Problem[],
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(problems.map(({ place, rule }) => `${place}: ${rule}`).join('; '));
  }
}
