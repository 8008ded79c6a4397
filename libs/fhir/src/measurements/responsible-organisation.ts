import type { Identifier } from '@samspill/contracts';
import { systems } from '../identifier-systems.ts';
import type { IssueList } from '../operation-outcome.ts';
import { isValidOrganisationNumber, organisationDigits } from '../organisation-number.ts';
import type { CallContext } from './intake-context.ts';

/** The performing organisation where the caller is registered to send for it, else the caller's own. */
export function responsibleOrganisation(
  performers: readonly Identifier[],
  { orgnrParent, sendsFor, identity }: CallContext,
  issues: IssueList,
): string {
  const numbers = performers
    .filter(({ system }) => system === systems.organisation)
    .map(({ value }) => organisationDigits(value) ?? value);
  if (!numbers.every(isValidOrganisationNumber)) {
    const rule = 'An organisation number has 9 digits and a right control digit';
    const mend = 'Check the organisation number with the source.';
    if (identity === 'strict') issues.refuse('value', 'performer', rule, mend);
    else issues.warn('value', 'performer', rule, mend);
  }
  return numbers.find((number) => sendsFor.includes(number)) ?? orgnrParent;
}
