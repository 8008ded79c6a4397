import { errorCatalogue } from '@samspill/kernel';
import { readModelName } from '../read-model-name.ts';
import type { LagAnswer, ReadModelLag } from './lag-answer.ts';

/** One cause for which partitions of a read model do not move, or park nobody more. */
export interface Trouble {
  readonly code: string;
  readonly kind: 'held' | 'stopped' | 'stopped while catching up';
  readonly partitions: number;
  /** ISO 8601, of the oldest; null where it is not known. */
  readonly since: string | null;
}

/** What keeps a read model from moving. A hold for PARKING_STOPPED is told as the stop that it comes from. */
export function troublesOf({ partitions }: ReadModelLag): Trouble[] {
  const found = partitions.flatMap(({ held, stops }): Trouble[] => [
    ...(held === null || (held.code === 'PARKING_STOPPED' && stops.length > 0)
      ? []
      : [{ kind: 'held' as const, partitions: 1, ...held }]),
    ...stops.map(({ code, since, catchingUp }) => ({
      kind: catchingUp ? ('stopped while catching up' as const) : ('stopped' as const),
      partitions: 1,
      code,
      since,
    })),
  ]);
  return Object.values(Object.groupBy(found, ({ kind, code }) => `${kind} ${code}`)).flatMap(
    (alike = []) =>
      alike.slice(0, 1).map(({ kind, code }) => ({
        ...{ kind, code, partitions: alike.length },
        since: alike.map(({ since }) => since).sort()[0] ?? null,
      })),
  );
}

/** What is wrong, and what to do. */
export const toldTroubles = ({
  service,
  readModels,
}: LagAnswer): { readonly what: string; readonly mend: string }[] =>
  readModels.flatMap((readModel) =>
    troublesOf(readModel).map(({ kind, code, partitions, since }) => {
      const where = readModelName(service, readModel);
      const count = partitions === 1 ? '1 partition' : `${partitions} partitions`;
      const dated = since === null ? '' : ` since ${since}`;
      return {
        what: `${where}: ${count} ${kind} for ${code}${dated}`,
        mend: mendOf(kind, code, service, readModel),
      };
    }),
  );

/** The same, line by line. */
export const troubleLines = (answer: LagAnswer): string[] =>
  toldTroubles(answer).map(({ what, mend }) => `${what}. To mend: ${mend}.`);

function mendOf(
  kind: Trouble['kind'],
  code: string,
  service: string,
  { projection }: ReadModelLag,
): string {
  if (kind !== 'held') {
    return `mend the projection or the publisher, since many patients would be parked; where it is the data: samspill parked accept --service ${service} --projection ${projection} --code ${code}`;
  }
  const known = Object.entries(errorCatalogue).find(([name]) => name === code)?.[1];
  return known?.mend ?? 'see the log of the service';
}
