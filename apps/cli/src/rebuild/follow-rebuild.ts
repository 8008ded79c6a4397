import { pause } from '@samspill/kernel';
import { Presets, SingleBar } from 'cli-progress';
import { CommandFailure } from '../command-failure.ts';
import { exitCodes } from '../exit-codes.ts';
import type { OperatorOptions } from '../operated-services.ts';
import { isTerminal } from '../terminal.ts';
import { untilInterrupted } from '../until-interrupted.ts';
import { versionsOf, type RebuiltModel, type VersionStatus } from './version-status.ts';

const lookEveryMs = 1_000;
/** Behind a live stream a version is never level for long; the switch sees to the rest. */
const nearRecords = 1_000;
/** A service that is restarted answers again within this. */
const silenceMaxMs = 60_000;

/**
 * Shows how far the version that is being built has come, with the time left, until it has passed all that the live one
 * had passed at first, is near it, and has no more patients to catch up. Answers false when Ctrl-C ended the watching:
 * the rebuild itself goes on.
 */
export const followRebuild = (model: RebuiltModel, options: OperatorOptions): Promise<boolean> =>
  untilInterrupted(async (signal) => {
    const bar = progressBar();
    try {
      let target: number | undefined;
      for (;;) {
        const versions = await versionsSoon(model, options, signal);
        if (versions === undefined) return false;
        const { building, live } = versions;
        const { recordsDone, recordsAll } = building;
        if (target === undefined) bar.start(recordsAll, recordsDone, wordsOf(building));
        target ??= recordsAll;
        bar.setTotal(recordsAll);
        bar.update(recordsDone, wordsOf(building));
        const isNear = recordsDone >= target && recordsAll - recordsDone <= nearRecords;
        if (isNear && building.catchingUp <= (live?.catchingUp ?? 0)) return true;
        await pause(lookEveryMs, signal);
      }
    } finally {
      bar.stop();
    }
  });

/** On standard error, so that --json has standard output to itself. */
const progressBar = (): SingleBar =>
  new SingleBar(
    {
      barsize: 16,
      format: '{bar} {percentage}% | {value} of {total} | {rate} records/s | {left} left',
      noTTYOutput: true,
      notTTYSchedule: 5_000,
      hideCursor: isTerminal(),
      stream: process.stderr,
    },
    Presets.shades_classic,
  );

const wordsOf = ({ recordsPerSecond, secondsLeft }: VersionStatus) => ({
  rate: Math.round(recordsPerSecond ?? 0),
  left: secondsLeft === null ? '?' : durationOf(Math.ceil(secondsLeft)),
});

const durationOf = (seconds: number): string =>
  seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;

/**
 * Asks again while the service does not answer: the rebuild goes on where it stood once it is back. Undefined once
 * interrupted.
 */
async function versionsSoon(model: RebuiltModel, options: OperatorOptions, signal: AbortSignal) {
  const deadlineMs = performance.now() + silenceMaxMs;
  for (;;) {
    try {
      const versions = await versionsOf(model, options, signal);
      const building = versions.find(({ state }) => state === 'building');
      if (building === undefined) throw nothingBuilds(model);
      return { building, live: versions.find(({ state }) => state === 'live') };
    } catch (error) {
      if (signal.aborted) return undefined;
      const isAway = error instanceof CommandFailure && error.exitCode === exitCodes.away;
      if (!isAway || performance.now() > deadlineMs) throw error;
      await pause(lookEveryMs, signal);
    }
  }
}

export const nothingBuilds = ({ service, projection }: RebuiltModel): CommandFailure =>
  new CommandFailure(exitCodes.refused, {
    place: `${service} ${projection}`,
    rule: 'a version is being built',
    mend: `samspill rebuild start ${service} ${projection}`,
  });
