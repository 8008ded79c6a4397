import type { Component } from '@samspill/contracts';
import {
  compareDecimals,
  normalise,
  plus,
  readDecimal,
  unitsOf,
  writeDecimal,
  type Decimal,
} from '@samspill/observations';
import { isNews2Part, vitalSignOf, type KnownMeasurement } from './measurement-view.ts';
import type { News2 } from './overview.ts';

const partsOfNews2 = 7;

/** NEWS2 as received. A doctor is told where total and parts do not belong together; nothing is calculated anew. */
export function news2Of(known: KnownMeasurement, now: Date): News2 {
  const { value, components } = known.content;
  return { ...vitalSignOf(known, now), note: noteOn(value?.text, components) };
}

function noteOn(totalText: string | undefined, components: readonly Component[]): string | null {
  const total = readDecimal(totalText ?? '');
  const parts = components.flatMap((component) => scoreOf(component) ?? []);
  if (total === undefined && parts.length === 0) return 'Neither a total nor a part has a score.';
  if (components.length === 0) return 'The score was sent without its parts.';
  if (parts.length < partsOfNews2) {
    return `Only ${parts.length} of ${partsOfNews2} parts were sent with a score.`;
  }
  const sum = parts.reduce(plus);
  if (total === undefined) return `No total was sent; the parts add up to ${writeDecimal(sum, 0)}.`;
  if (compareDecimals(total, sum) === 0) return null;
  return `The total that was sent differs from its parts: they add up to ${writeDecimal(sum, 0)}.`;
}

/** A part that we do not know by its code has no unit: the measured values that some send beside the scores have one. */
function scoreOf(component: Component): Decimal | undefined {
  const { value } = component;
  if (value === null) return undefined;
  const hasNoUnit = normalise('news2', value.text, unitsOf(value))?.unit === '';
  return isNews2Part(component) || hasNoUnit ? readDecimal(value.text) : undefined;
}
