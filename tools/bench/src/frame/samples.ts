import type { SettingValues } from './benchmark.ts';
import type { ContenderResult, Figure } from './result.ts';

/** One number of one run. */
export interface Measured {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
}

/** Who ran, and under which setting. */
export interface Run {
  readonly contender: string;
  readonly setting: SettingValues;
}

interface Gathered extends Run {
  readonly figures: Map<string, { readonly unit: string; readonly samples: number[] }>;
  readonly failures: string[];
}

/** Gathers the numbers of all runs. */
export class Samples {
  readonly #gathered = new Map<string, Gathered>();

  add(run: Run, measured: readonly Measured[]): void {
    const { figures } = this.#of(run);
    for (const { name, unit, value } of measured) {
      const known = figures.get(name);
      if (known === undefined) figures.set(name, { unit, samples: [value] });
      else known.samples.push(value);
    }
  }

  /** A run that does not count. */
  fail(run: Run, why: string): void {
    this.#of(run).failures.push(why);
  }

  /** In the order in which they first ran. */
  results(): ContenderResult[] {
    return [...this.#gathered.values()].map(({ contender, setting, figures, failures }) => ({
      contender,
      setting,
      failures,
      figures: [...figures].map(([name, { unit, samples }]) => figureOf(name, unit, samples)),
    }));
  }

  #of({ contender, setting }: Run): Gathered {
    const name = JSON.stringify([contender, setting]);
    const known = this.#gathered.get(name);
    if (known !== undefined) return known;
    const fresh = { contender, setting, figures: new Map(), failures: [] };
    this.#gathered.set(name, fresh);
    return fresh;
  }
}

export function figureOf(name: string, unit: string, samples: readonly number[]): Figure {
  const rounded = samples.map(toFourDigits);
  const sorted = rounded.toSorted((one, other) => one - other);
  const at = (index: number): number => sorted[index] ?? NaN;
  const middle = (sorted.length - 1) / 2;
  return {
    name,
    unit,
    samples: rounded,
    min: at(0),
    median: toFourDigits((at(Math.floor(middle)) + at(Math.ceil(middle))) / 2),
    max: at(sorted.length - 1),
  };
}

/** More digits than four are noise; whole numbers keep theirs. */
const toFourDigits = (value: number): number =>
  Math.abs(value) >= 1_000 ? Math.round(value) : Number(value.toPrecision(4));
