import { stringifyExact, type JsonObject } from '@samspill/fhir';
import { homeObservation, type HomeKind, type HomeObservation } from './home-observations.ts';
import { seededRandom } from './seeded-random.ts';
import type { SyntheticPatient } from './synthetic-patients.ts';
import { usualSigns, vitalSignsAt, type Moment, type PartOfDay } from './vital-signs.ts';

/** What a hub posts for one patient after one round of measuring. */
export interface HomeBundle {
  readonly patient: SyntheticPatient;
  /** FHIR dateTime of the round's end. */
  readonly at: string;
  /** In the Bundle. */
  readonly measurements: number;
  /** A Bundle of type batch as JSON text; numbers keep their decimals. */
  readonly body: string;
}

export interface HomeSeries {
  readonly patients: readonly SyntheticPatient[];
  /** Calendar days up to and with that of `until`. */
  readonly days: number;
  readonly seed: number | string;
  /** Nothing is measured after this. */
  readonly until: Date;
}

const dayMs = 86_400_000;
const minuteMs = 60_000;
/** Norway's winter time all year round: a fixed offset keeps a series the same whatever day it is made on. */
const zone = { offsetMs: 3_600_000, text: '+01:00' };

const rounds: Record<PartOfDay, { hour: number; kinds: readonly HomeKind[] }> = {
  morning: {
    hour: 7,
    kinds: [
      'body-weight',
      'heart-rate',
      'oxygen-saturation',
      'blood-pressure',
      'respiration-rate',
      'glucose',
    ],
  },
  evening: {
    hour: 19,
    kinds: [
      'heart-rate',
      'oxygen-saturation',
      'blood-pressure',
      'respiration-rate',
      'body-temperature',
      'glucose',
      'news2',
    ],
  },
};

/**
 * Measurements of all patients, day by day, morning and evening. A measurement's `fullUrl`, time and value follow from
 * seed, patient and day alone: a later or longer run gives those of an earlier one again.
 */
export function* homeBundles({ patients, days, seed, until }: HomeSeries): Generator<HomeBundle> {
  const lastDay = Math.floor((until.getTime() + zone.offsetMs) / dayMs);
  for (let day = lastDay - days + 1; day <= lastDay; day += 1) {
    for (const part of ['morning', 'evening'] as const) {
      for (const patient of patients) {
        const round = measuringRound(patient, { day, part }, seed);
        if (round.endsAtMs <= until.getTime()) yield bundleOf(round, patient, seed);
      }
    }
  }
}

interface Round {
  readonly observations: readonly HomeObservation[];
  readonly endsAtMs: number;
}

function measuringRound(patient: SyntheticPatient, moment: Moment, seed: number | string): Round {
  const { hour, kinds } = rounds[moment.part];
  const random = seededRandom(seed, 'round', patient.number, moment.day, moment.part);
  const startMs =
    moment.day * dayMs - zone.offsetMs + (hour * 60 + random.whole(0, 110)) * minuteMs;
  const signs = vitalSignsAt(patient, moment, seed);
  const usualWeight = usualSigns(patient, seed).weight;
  const observations: HomeObservation[] = [];
  for (const kind of kinds) {
    if (kind === 'glucose' && !patient.conditions.includes('diabetes')) continue;
    const missing = random.chance(0.015) && kind !== 'news2' && kind !== 'blood-pressure';
    const status = random.chance(0.02) ? 'preliminary' : 'final';
    // A score needs all of its parts.
    if (kind === 'news2' && observations.some(({ absent }) => absent !== undefined)) continue;
    const at = timeText(startMs + observations.length * minuteMs);
    const absent = missing ? { absent: random.pick(['not-performed', 'error']) } : {};
    observations.push({ kind, patient, at, signs, usualWeight, status, ...absent });
  }
  return { observations, endsAtMs: startMs + observations.length * minuteMs };
}

function bundleOf(
  { observations, endsAtMs }: Round,
  patient: SyntheticPatient,
  seed: number | string,
): HomeBundle {
  const at = timeText(endsAtMs);
  const series = `https://home-hub.example/series/${encodeURIComponent(seed)}`;
  const entry = observations.map((observation): JsonObject => {
    const name = [patient.number, observation.kind, observation.at.slice(0, 16)].join('-');
    return {
      fullUrl: `${series}/Observation/${name}`,
      resource: homeObservation(observation),
      request: { method: 'POST', url: 'Observation' },
    };
  });
  const bundle: JsonObject = {
    resourceType: 'Bundle',
    meta: { tag: [{ system: municipalitySystem, code: '0301' }] },
    identifier: {
      system: 'https://home-hub.example/bundles',
      value: `${seed}-${patient.number}-${at.slice(0, 16)}`,
    },
    type: 'batch',
    timestamp: at,
    entry,
  };
  return { patient, at, measurements: entry.length, body: stringifyExact(bundle) };
}

const municipalitySystem =
  'https://register.geonorge.no/sosi-kodelister/inndelinger/inndelingsbase/kommunenummer';

const timeText = (ms: number): string =>
  new Date(ms + zone.offsetMs).toISOString().slice(0, 19) + zone.text;
