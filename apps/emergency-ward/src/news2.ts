import { compareDecimals, plus, readDecimal, writeDecimal } from '@samspill/observations';
import { vitalSignOf, type KnownMeasurement } from './measurement-view.ts';
import type { News2 } from './overview.ts';

const partsOfNews2 = 7;

/** NEWS2 as received. A doctor is told where total and parts do not belong together; nothing is calculated anew. */
export function news2Of(known: KnownMeasurement, now: Date): News2 {
  const sign = vitalSignOf(known, now);
  return {
    ...sign,
    note: noteOn(
      sign.value?.text,
      sign.components.map(({ value }) => value?.text),
    ),
  };
}

function noteOn(
  totalText: string | undefined,
  partTexts: readonly (string | undefined)[],
): string | null {
  const parts = partTexts.flatMap((text) => readDecimal(text ?? '') ?? []);
  if (partTexts.length === 0) return 'The score was sent without its parts.';
  if (parts.length < partsOfNews2) {
    return `Only ${parts.length} of ${partsOfNews2} parts were sent with a score.`;
  }
  const total = readDecimal(totalText ?? '');
  const sum = parts.reduce(plus);
  if (total === undefined) return `No total was sent; the parts add up to ${writeDecimal(sum, 0)}.`;
  if (compareDecimals(total, sum) === 0) return null;
  return `The total that was sent differs from its parts: they add up to ${writeDecimal(sum, 0)}.`;
}
