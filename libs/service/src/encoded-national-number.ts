import { holdsNationalNumber } from '@samspill/fhir';

/** Who writes a number deeper than this does not do so by mistake. */
const roundsMax = 3;

/** Bytes that are no UTF-8 become U+FFFD, so that a malformed text is looked at too. */
const percentDecoded = (text: string): string =>
  text.replace(/(?:%[0-9a-f]{2})+/gi, (run) =>
    Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'),
  );

/** True for a text that holds a national number as it stands or percent-encoded, also more than once. */
export function holdsEncodedNationalNumber(text: string): boolean {
  let form = text;
  for (let round = 0; round <= roundsMax; round += 1) {
    if (holdsNationalNumber(form)) return true;
    const decoded = percentDecoded(form);
    if (decoded === form) return false;
    form = decoded;
  }
  return false;
}
