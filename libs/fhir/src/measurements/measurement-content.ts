import type {
  Coding,
  Component,
  Identifier,
  MeasurementContent,
  ReferenceRange,
} from '@samspill/contracts';
import { normalSystem, systems } from '../identifier-systems.ts';
import { has, numberAt, pathOf, spotAt, spotsAt, textAt, textsAt, type Spot } from '../spot.ts';
import { codingsOf, conceptText, isBlank } from './coded-concept.ts';
import { kindNameOf } from './measurement-kind.ts';
import { readValue } from './value.ts';

/** What an Observation says by itself: all of its content that needs no context. */
export type ObservedContent = Pick<
  MeasurementContent,
  | 'kind'
  | 'codes'
  | 'codeText'
  | 'value'
  | 'dataAbsentReason'
  | 'components'
  | 'interpretation'
  | 'referenceRanges'
  | 'device'
  | 'bodySite'
  | 'method'
  | 'authors'
  | 'responsibleOrganisations'
  | 'profiles'
  | 'notes'
  | 'issued'
>;

export function readContent(observation: Spot): ObservedContent {
  const code = spotAt(observation, 'code');
  const codes = codingsOf(code);
  const performers = spotsAt(observation, 'performer').flatMap(readPerformer);
  const meta = spotAt(observation, 'meta');
  return {
    kind: kindNameOf(codes),
    codes,
    codeText: codeTextOf(code, codes),
    ...readValue(observation),
    components: spotsAt(observation, 'component').map(readComponent),
    interpretation: interpretationOf(observation),
    referenceRanges: referenceRangesOf(observation),
    device: readDevice(spotAt(observation, 'device')),
    bodySite: conceptText(spotAt(observation, 'bodySite')),
    method: conceptText(spotAt(observation, 'method')),
    authors: performers.filter((performer) => !isOrganisation(performer)),
    responsibleOrganisations: performers.filter(isOrganisation),
    profiles: meta === undefined ? [] : textsAt(meta, 'profile'),
    notes: spotsAt(observation, 'note').flatMap((note) => textAt(note, 'text') ?? []),
    issued: textAt(observation, 'issued'),
  };
}

function readComponent(component: Spot): Component {
  const code = spotAt(component, 'code');
  const codes = codingsOf(code);
  requireCode(component, 'A component has a code', 'Send what the component measures.');
  return {
    codes,
    codeText: codeTextOf(code, codes),
    ...readValue(component),
    interpretation: interpretationOf(component),
    referenceRanges: referenceRangesOf(component),
  };
}

/** Refuses what does not say what was measured: it would be one with all else that does not. */
export function requireCode(spot: Spot, rule: string, mend: string): void {
  const code = has(spot, 'code') ? spotAt(spot, 'code') : null;
  // What is not of the shape of a concept was refused for that.
  if (code === undefined || conceptText(code ?? undefined) !== null) return;
  spot.issues.refuse('required', pathOf(spot, 'code'), rule, mend);
}

/** The text as sent; where there is neither text nor code, the display names it. */
function codeTextOf(code: Spot | undefined, codes: readonly Coding[]): string | null {
  const text = code === undefined ? null : textAt(code, 'text');
  if (!isBlank(text)) return text;
  return codes.length === 0 ? conceptText(code) : null;
}

const interpretationOf = (spot: Spot): string[] =>
  spotsAt(spot, 'interpretation').flatMap(
    (concept) => codingsOf(concept)[0]?.code ?? conceptText(concept) ?? [],
  );

const referenceRangesOf = (spot: Spot): ReferenceRange[] =>
  spotsAt(spot, 'referenceRange').map((range) => {
    const text = textAt(range, 'text');
    const [low, high] = [boundAt(range, 'low'), boundAt(range, 'high')];
    if (low?.unit && high?.unit && low.unit !== high.unit) {
      // One range has one unit: what has two is told in words, and nothing is compared with it.
      const words = `${low.number ?? ''} ${low.unit} - ${high.number ?? ''} ${high.unit}`;
      return { low: null, high: null, unit: null, text: text ?? words };
    }
    return {
      low: low?.number ?? null,
      high: high?.number ?? null,
      unit: low?.unit ?? high?.unit ?? null,
      text,
    };
  });

function boundAt(range: Spot, name: 'low' | 'high') {
  const bound = spotAt(range, name);
  return (
    bound && {
      number: numberAt(bound, 'value'),
      unit: textAt(bound, 'unit') ?? textAt(bound, 'code'),
    }
  );
}

/** Only logical identifiers: a reference points into a system that readers do not have. */
function readPerformer(performer: Spot): Identifier[] {
  const identifier = spotAt(performer, 'identifier');
  const value = identifier === undefined ? null : textAt(identifier, 'value');
  if (identifier === undefined || value === null) return [];
  const system = textAt(identifier, 'system');
  return [{ system: system === null ? null : normalSystem(system), value }];
}

const isOrganisation = ({ system }: Identifier): boolean =>
  system === systems.organisation || system === systems.resh;

function readDevice(device: Spot | undefined): string | null {
  if (device === undefined) return null;
  const identifier = spotAt(device, 'identifier');
  return (
    textAt(device, 'display') ??
    (identifier === undefined ? null : textAt(identifier, 'value')) ??
    textAt(device, 'reference')
  );
}
