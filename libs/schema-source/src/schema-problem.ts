/** What stands against a change of `schemas/`, or against what is there. */
export interface SchemaProblem {
  /** A file below `schemas/`, or a registry subject. */
  readonly place: string;
  /** Path of the field in its record, `value.unit`; undefined where no single field is meant. */
  readonly field: string | undefined;
  readonly rule: string;
  readonly mend: string;
}

/** One line: place, rule and mend. */
export const formatProblem = ({ place, field, rule, mend }: SchemaProblem): string =>
  `${place}${field === undefined ? '' : `, field ${field}`}: ${rule}. To mend: ${mend}.`;
