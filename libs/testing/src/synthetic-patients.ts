import { seededRandom, type SeededRandom } from './seeded-random.ts';

/** What a patient is followed up for at home. */
export type Condition = 'heart-failure' | 'copd' | 'diabetes' | 'infection';

/** A person who does not exist. */
export interface SyntheticPatient {
  /** From 1; names the patient where the national id must not stand. */
  readonly number: number;
  /** A fødselsnummer of Test-Norge's form: month + 80, right check digits (specs/identifiers.md section 3). */
  readonly nationalId: string;
  readonly name: string;
  /** `YYYY-MM-DD` */
  readonly birthDate: string;
  readonly sex: 'female' | 'male';
  readonly conditions: readonly Condition[];
}

const conditions: readonly Condition[] = ['heart-failure', 'diabetes', 'copd', 'infection'];
const givenNames = {
  female: ['Ingrid', 'Solveig', 'Astrid', 'Fatima', 'Marit', 'Nora', 'Liv', 'Amina'],
  male: ['Olav', 'Per', 'Knut', 'Ahmed', 'Lars', 'Einar', 'Trygve', 'Jan'],
} as const;
const familyNames = [
  'Fjelldal',
  'Havnes',
  'Solbakk',
  'Nygård',
  'Bekkevold',
  'Khan',
  'Li',
  'Myhre',
] as const;

/** The same seed gives the same patients; more of them begin with the same ones. */
export function syntheticPatients({
  count,
  seed,
}: {
  readonly count: number;
  readonly seed: number | string;
}): SyntheticPatient[] {
  const taken = new Set<string>();
  return Array.from({ length: count }, (_, index) => {
    const random = seededRandom(seed, 'patient', index + 1);
    const sex = random.pick(['female', 'male']);
    const year = random.whole(1930, 1985);
    const month = random.whole(1, 12);
    const day = random.whole(1, 28);
    const nationalId = unusedNumber(taken, random, { year, month, day, sex });
    taken.add(nationalId);
    const condition = conditions[index % conditions.length] ?? 'heart-failure';
    return {
      number: index + 1,
      nationalId,
      name: `${random.pick(givenNames[sex])} ${random.pick(familyNames)}`,
      birthDate: `${year}-${twoDigits(month)}-${twoDigits(day)}`,
      sex,
      // Many have two things at once.
      conditions:
        random.chance(0.3) && condition !== 'diabetes' ? [condition, 'diabetes'] : [condition],
    };
  });
}

interface Birth {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly sex: SyntheticPatient['sex'];
}

function unusedNumber(taken: ReadonlySet<string>, random: SeededRandom, birth: Birth): string {
  for (;;) {
    const number = nationalIdOf(birth, random.whole(0, 499));
    if (number !== undefined && !taken.has(number)) return number;
  }
}

const firstWeights = [3, 7, 6, 1, 8, 9, 4, 5, 2];
const secondWeights = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2];

/** Undefined for a running number that has no check digits. Numbers from 000 to 499 belong to births before 2000. */
function nationalIdOf({ year, month, day, sex }: Birth, running: number): string | undefined {
  const ofSex = running - (running % 2) + (sex === 'male' ? 1 : 0);
  const nine = `${twoDigits(day)}${month + 80}${twoDigits(year % 100)}${String(ofSex).padStart(3, '0')}`;
  const first = checkDigit(nine, firstWeights);
  const second = checkDigit(nine + String(first), secondWeights);
  return first > 9 || second > 9 ? undefined : `${nine}${first}${second}`;
}

function checkDigit(digits: string, weights: readonly number[]): number {
  const sum = weights.reduce((all, weight, at) => all + weight * Number(digits[at]), 0);
  return (11 - (sum % 11)) % 11;
}

const twoDigits = (number: number): string => String(number).padStart(2, '0');
