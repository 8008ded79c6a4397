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
