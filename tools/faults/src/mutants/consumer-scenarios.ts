import { measurements } from '@samspill/contracts';
import { until } from '@samspill/testing';
import { trialWithinMs } from './consumer-trial.ts';
import type { Scenario } from './scenarios.ts';

const { topic } = measurements;

/** A consumer reads the whole log, in which producers repeat themselves and measurements are corrected and taken back. */
export const undisturbed: Scenario = async (laboratory, mutant) => {
  const trial = await laboratory.consumerTrial(mutant);
  await trial.start();
  return trial.evidence();
};

/** Killed when its rows are written and not committed; another one goes on. */
export const killedBeforeCommit: Scenario = async (laboratory, mutant) => {
  const trial = await laboratory.consumerTrial(mutant);
  const first = await trial.start({ point: 'written', topic });
  await first.held;
  await first.kill();
  await trial.start();
  return trial.evidence();
};

/** Stands still within a transaction until another one has taken over and read beyond it; then it goes on. */
export const stoppedAndContinued: Scenario = async (laboratory, mutant) => {
  const trial = await laboratory.consumerTrial(mutant);
  const zombie = await trial.start({ point: 'begun', topic });
  await zombie.held;
  for (let one = 0; one < 4 * measurements.partitions; one += 1) {
    await laboratory.publish(laboratory.newPerson(), 1);
  }
  await trial.start();
  await trial.settled();
  zombie.go();
  await until(
    'the zombie has written or has been fenced',
    trialWithinMs,
    async () => {
      const steps = await trial.stepsBack();
      return steps.length > 0 || zombie.saidInLog('PARTITION_FENCED') || zombie.hasEnded();
    },
    Boolean,
  );
  return trial.evidence();
};

/** The key vault refuses every connection from the first batch on, for a while. */
export const vaultAway: Scenario = async (laboratory, mutant) => {
  const trial = await laboratory.consumerTrial(mutant);
  const { keyVault } = laboratory.mesh.proxies;
  keyVault.set({ kind: 'refuse' });
  try {
    const consumer = await trial.start();
    await until(
      'the consumer holds or goes on without keys',
      trialWithinMs,
      async () => consumer.saidInLog('KEY_VAULT_UNAVAILABLE') || (await trial.hasMoved(topic)),
      Boolean,
    );
  } finally {
    keyVault.set(undefined);
  }
  return trial.evidence();
};
