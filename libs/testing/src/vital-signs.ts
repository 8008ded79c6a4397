import { seededRandom } from './seeded-random.ts';
import type { Condition, SyntheticPatient } from './synthetic-patients.ts';

/** What a body would show at one moment. */
export interface VitalSigns {
  /** Beats a minute. */
  readonly heartRate: number;
  /** mm[Hg] */
  readonly systolic: number;
  readonly diastolic: number;
  /** Per cent, breathing air. */
  readonly oxygenSaturation: number;
  /** Degrees Celsius, one decimal. */
  readonly temperature: number;
  /** Kilograms, two decimals. */
  readonly weight: number;
  /** Breaths a minute. */
  readonly respirationRate: number;
  /** mmol/L, one decimal. */
  readonly glucose: number;
  readonly isAlert: boolean;
}

export type PartOfDay = 'morning' | 'evening';

export interface Moment {
  /** Days since 1970-01-01. */
  readonly day: number;
  readonly part: PartOfDay;
}

type Shift = Partial<Record<keyof VitalSigns, number>>;

/** How far each sign moves when the condition is at its worst. */
const worst: Record<Condition, Shift> = {
  'heart-failure': {
    weight: 3.5,
    heartRate: 25,
    oxygenSaturation: -5,
    respirationRate: 8,
    systolic: 10,
  },
  copd: { oxygenSaturation: -6, respirationRate: 11, heartRate: 18 },
  diabetes: { glucose: 9, heartRate: 6 },
  infection: {
    temperature: 2.4,
    heartRate: 35,
    respirationRate: 7,
    systolic: -24,
    diastolic: -10,
    oxygenSaturation: -3,
  },
};

const evening: Shift = { heartRate: 4, systolic: -3, temperature: 0.3, glucose: 1.4 };

/** Signs of one patient at one moment: own baseline, rhythm of the day, condition and noise; the same for a seed. */
export function vitalSignsAt(
  patient: SyntheticPatient,
  { day, part }: Moment,
  seed: number | string,
): VitalSigns {
  const usual = usualSigns(patient, seed);
  const severity = severityOn(day, patient, seed);
  const noise = seededRandom(seed, 'noise', patient.number, day, part);
  const sign = (name: keyof typeof usual, deviation: number): number =>
    usual[name] +
    patient.conditions.reduce((all, one) => all + severity * (worst[one][name] ?? 0), 0) +
    (part === 'evening' ? (evening[name] ?? 0) : 0) +
    noise.around(0, deviation);
  return {
    heartRate: Math.round(within(sign('heartRate', 3), 42, 165)),
    systolic: Math.round(within(sign('systolic', 5), 78, 210)),
    diastolic: Math.round(within(sign('diastolic', 3), 45, 115)),
    oxygenSaturation: Math.round(within(sign('oxygenSaturation', 0.7), 76, 100)),
    temperature: rounded(within(sign('temperature', 0.15), 35.2, 41), 1),
    weight: rounded(within(sign('weight', 0.25), 35, 180), 2),
    respirationRate: Math.round(within(sign('respirationRate', 1), 9, 38)),
    glucose: rounded(within(sign('glucose', 0.8), 2.8, 28), 1),
    isAlert: severity < 0.9 || noise.chance(0.6),
  };
}

/** What is normal for this patient. */
export function usualSigns({ number, conditions }: SyntheticPatient, seed: number | string) {
  const random = seededRandom(seed, 'usual', number);
  return {
    heartRate: random.whole(60, 78),
    systolic: random.whole(116, 142),
    diastolic: random.whole(68, 84),
    oxygenSaturation: conditions.includes('copd') ? random.whole(89, 92) : random.whole(95, 98),
    temperature: 36.3 + random.next() * 0.5,
    weight: random.whole(54, 104),
    respirationRate: random.whole(13, 17),
    glucose: conditions.includes('diabetes') ? 7 + random.next() * 2 : 5.4,
  };
}

/** From 0 (as usual) to 1. Some patients get worse for four days, every week or two; others never. */
function severityOn(day: number, { number }: SyntheticPatient, seed: number | string): number {
  const random = seededRandom(seed, 'course', number);
  if (random.chance(0.4)) return 0;
  const everyDays = random.whole(8, 14);
  const offset = random.whole(0, everyDays - 1);
  const peak = 0.45 + 0.55 * random.next();
  const since = (day + offset) % everyDays;
  const lasts = 4;
  return since < lasts ? peak * Math.sin((Math.PI * (since + 0.75)) / (lasts + 0.5)) : 0;
}

const within = (value: number, low: number, high: number): number =>
  Math.min(high, Math.max(low, value));
const rounded = (value: number, decimals: number): number => Number(value.toFixed(decimals));
