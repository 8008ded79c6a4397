import type { Measured } from '../frame/samples.ts';
import { openLoop } from '../load/open-loop.ts';
import { startMeter, type MeteredPart } from '../meters/meter.ts';
import { assertAsLoaded } from './assert-as-loaded.ts';
import type { KnownPatient, Population } from './population.ts';
import type { Screen } from './screen.ts';
import { tableScans } from './table-scans.ts';

/** The ward as it stands loaded. */
export interface LoadedWard {
  readonly databaseUrl: string;
  readonly population: Population;
  /** Those who are asked about. */
  readonly heavy: readonly KnownPatient[];
}

export const perSecond = 200;
const checkedPatients = 10;

/** Asks at the screen for so long; rejects when an answer is not what was loaded. */
export async function askOverviews(
  screen: Screen,
  { databaseUrl, population, heavy }: LoadedWard,
  parts: Readonly<Record<string, MeteredPart>>,
  lastsMs: number,
): Promise<Measured[]> {
  await assertAsLoaded(screen, heavy.slice(0, checkedPatients), population);
  const scansBefore = await tableScans(databaseUrl);
  const meter = startMeter(parts);
  const { times } = await openLoop({
    perSecond,
    lastsMs,
    send: async (n) => {
      await screen.ask(oneOf(heavy, n));
    },
  });
  const metered = meter.stop();
  return [
    { name: 'p50', unit: 'ms', value: times.percentile(50) },
    { name: 'p99', unit: 'ms', value: times.percentile(99) },
    {
      name: 'scans of the table',
      unit: 'scans',
      value: (await tableScans(databaseUrl)) - scansBefore,
    },
    ...metered,
  ];
}

/** Each patient once, one after the other: what was never asked for comes from the disk. */
export async function warmUp(
  screen: Screen,
  { heavy }: LoadedWard,
  signal: AbortSignal,
): Promise<void> {
  for (const patient of heavy) {
    signal.throwIfAborted();
    await screen.ask(patient);
  }
}

function oneOf(patients: readonly KnownPatient[], n: number): KnownPatient {
  const patient = patients[n % patients.length];
  if (patient === undefined) throw new RangeError('there are no patients');
  return patient;
}
