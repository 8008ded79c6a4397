import type {
  Component,
  Identifier,
  MeasurementContent,
  ReferenceRange,
} from '@samspill/contracts';
import { normalSystem, systems } from '../identifier-systems.ts';
import { has, numberAt, pathOf, spotAt, spotsAt, textAt, textsAt, type Spot } from '../spot.ts';
import { codingsOf, conceptText } from './coded-concept.ts';
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
    codeText: code === undefined ? null : textAt(code, 'text'),
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
  if (!has(component, 'code')) {
    const rule = 'A component has a code';
    const mend = 'Send what the component measures.';
    component.issues.refuse('required', pathOf(component, 'code'), rule, mend);
  }
  return {
    codes: codingsOf(code),
    codeText: code === undefined ? null : textAt(code, 'text'),
    ...readValue(component),
    interpretation: interpretationOf(component),
    referenceRanges: referenceRangesOf(component),
  };
}

const interpretationOf = (spot: Spot): string[] =>
  spotsAt(spot, 'interpretation').flatMap(
    (concept) => codingsOf(concept)[0]?.code ?? conceptText(concept) ?? [],
  );

const referenceRangesOf = (spot: Spot): ReferenceRange[] =>
  spotsAt(spot, 'referenceRange').map((range) => {
    const low = spotAt(range, 'low');
    const high = spotAt(range, 'high');
    const bound = low ?? high;
    return {
      low: low === undefined ? null : numberAt(low, 'value'),
      high: high === undefined ? null : numberAt(high, 'value'),
      unit: bound === undefined ? null : (textAt(bound, 'unit') ?? textAt(bound, 'code')),
      text: textAt(range, 'text'),
    };
  });

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
