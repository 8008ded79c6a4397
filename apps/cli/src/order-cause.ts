import { holdsNationalNumber } from '@samspill/fhir';
import { CommandFailure } from './command-failure.ts';
import { exitCodes } from './exit-codes.ts';

export const causeOptionHelp = 'why; it stands in the log for ever, so it names no person';

/** The cause of an order. Fails where it names a person; the failure does not repeat it. */
export function causeOf(text: string): string {
  if (!holdsNationalNumber(text)) return text;
  throw new CommandFailure(exitCodes.usage, {
    place: '--cause',
    rule: 'it names no person, since the log keeps it for ever',
    mend: 'give the number of the order',
  });
}
