import { canonicalJson, type Json } from '../exact-json.ts';
import { normalSystem } from '../identifier-systems.ts';
import { spotsAt, textAt, type Spot } from '../spot.ts';
import { isBlank } from './coded-concept.ts';

/** By what the source knows a measurement: parts that are hashed with the organisation (specs/measurements.md section 7). */
export interface NaturalKey {
  readonly kind: 'url' | 'identifier' | 'uuid' | 'id' | 'hash';
  readonly parts: readonly string[];
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const isUrlKey = (fullUrl: string): boolean =>
  /^https?:\/\/[^\s/]+/i.test(fullUrl) || /^urn:oid:[\d.]+$/.test(fullUrl);
export const isUuidKey = (fullUrl: string): boolean =>
  fullUrl.toLowerCase().startsWith('urn:uuid:') && uuid.test(fullUrl.slice('urn:uuid:'.length));

export const identifierKey = (system: string, value: string): NaturalKey => ({
  kind: 'identifier',
  parts: ['identifier', normalSystem(system), value],
});

/** `patient`: normalised, since one subject can be written in several ways. */
export function naturalKeyParts(
  observation: Spot,
  fullUrl: string | null,
  patient: string,
): NaturalKey {
  if (fullUrl !== null && isUrlKey(fullUrl)) return { kind: 'url', parts: ['url', fullUrl] };
  for (const identifier of spotsAt(observation, 'identifier')) {
    const system = textAt(identifier, 'system');
    const value = textAt(identifier, 'value');
    if (!isBlank(system) && !isBlank(value)) return identifierKey(system, value);
  }
  if (fullUrl !== null && isUuidKey(fullUrl)) {
    return { kind: 'uuid', parts: ['uuid', fullUrl.slice('urn:uuid:'.length).toLowerCase()] };
  }
  const id = textAt(observation, 'id');
  if (id !== null && uuid.test(id)) return { kind: 'id', parts: ['uuid', id.toLowerCase()] };
  return { kind: 'hash', parts: ['hash', patient, ...measuredParts(observation)] };
}

/** What was measured, as sent; absent elements are empty. Components and absence are part of the value. */
function measuredParts({ element }: Spot): string[] {
  const form = (name: string) => (element[name] === undefined ? '' : canonicalJson(element[name]));
  const starting = (prefix: string) => {
    const names = Object.keys(element).filter((name) => name.startsWith(prefix));
    const found: Record<string, Json> = {};
    for (const name of names) found[name] = element[name] ?? null;
    return names.length === 0 ? '' : canonicalJson(found);
  };
  return [
    form('code'),
    starting('effective'),
    starting('value'),
    form('component'),
    form('dataAbsentReason'),
    form('device'),
  ];
}
