import { InvalidArgumentError } from 'commander';

/** Reads an option that is a whole number within bounds. */
export const wholeNumber =
  (low: number, high: number) =>
  (text: string): number => {
    const number = Number(text);
    if (/^\d{1,9}$/.test(text) && number >= low && number <= high) return number;
    throw new InvalidArgumentError(`It is a whole number from ${low} to ${high}.`);
  };

/** Reads an option that is a moment: ISO 8601 with a zone. */
export const moment = (text: string): Date => {
  const time = new Date(text);
  const hasZone = /T\d{2}:\d{2}.*(Z|[+-]\d{2}:\d{2})$/.test(text);
  if (hasZone && !Number.isNaN(time.getTime())) return time;
  throw new InvalidArgumentError('It is a time with its zone, 2026-03-08T12:00:00+01:00.');
};

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Reads an option that is a moment, or how long ago it was: `15m`, `2h`, `3d`. */
export const momentOrAgo = (text: string): Date => {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (count === undefined) return moment(text);
  return new Date(Date.now() - Number(count) * unitMs[unit as keyof typeof unitMs]);
};
