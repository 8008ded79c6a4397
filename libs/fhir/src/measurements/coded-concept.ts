import type { Coding } from '@samspill/contracts';
import { normalSystem } from '../identifier-systems.ts';
import { spotsAt, textAt, type Spot } from '../spot.ts';

/** Codings of a CodeableConcept, systems in normal form. One without a code says nothing that could be compared. */
export const codingsOf = (concept: Spot | undefined): Coding[] =>
  (concept === undefined ? [] : spotsAt(concept, 'coding')).flatMap(readCoding);

export function readCoding(coding: Spot): Coding[] {
  const code = textAt(coding, 'code');
  if (isBlank(code)) return [];
  const system = textAt(coding, 'system');
  const display = textAt(coding, 'display');
  return [{ system: system === null ? null : normalSystem(system), code, display }];
}

/** What a person would read: the text, else a display, else a code; null for an absent or empty concept. */
export function conceptText(concept: Spot | undefined): string | null {
  if (concept === undefined) return null;
  const text = textAt(concept, 'text');
  if (!isBlank(text)) return text;
  const codings = spotsAt(concept, 'coding');
  const display = codings.map((coding) => textAt(coding, 'display')).find((it) => !isBlank(it));
  return display ?? codingsOf(concept)[0]?.code ?? null;
}

/** FHIR knows no empty strings, but some send them: they name nothing. */
export const isBlank = (text: string | null): text is null => (text ?? '').trim() === '';

export const hasCoding = (
  codings: readonly Coding[],
  system: string,
  codes: readonly string[],
): boolean => codings.some((coding) => coding.system === system && codes.includes(coding.code));
