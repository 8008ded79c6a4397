import { isDeepStrictEqual } from 'node:util';
import { keyVault, measurements } from '@samspill/contracts';
import { until } from '@samspill/testing';
import { trialWithinMs, type ConsumerTrial, type Owners } from './consumer-trial.ts';
import type { Scenario } from './scenarios.ts';

/** Longer than a batch is held: nobody takes the partition over meanwhile. */
const longSessionMs = 60_000;
/** Dealt out to so many, the partition of a number goes to another one in each of the two topics. */
const consumersCount = 4;

/**
 * While a transaction of a patient's events is open, their keys in hand and the checkpoint not yet locked, the grant
 * closes, and another consumer carries that out.
 */
export const closedWhileABatchIsOpen: Scenario = async (laboratory, mutant) => {
  const trial = await laboratory.consumerTrial(mutant, longSessionMs);
  const consumers = await Promise.all(Array.from({ length: consumersCount }, () => trial.start()));
  await trial.settled();
  // One whose events and whose grants are read by different consumers.
  const shared = await dealtOut(trial);
  const person = laboratory.newPerson(
    ({ pseudonym }) => shared.of(measurements, pseudonym) !== shared.of(keyVault, pseudonym),
  );
  const hold = { point: 'begun', topic: measurements.topic } as const;
  for (const consumer of consumers) consumer.holdNext(hold);
  await laboratory.publish(person, 5);
  await Promise.race(consumers.map(({ held }) => held));
  await laboratory.order(person, 'close');
  await until(
    'the gate is withheld',
    trialWithinMs,
    () => trial.gateOf(person),
    (gate) => gate === 'withheld',
  );
  const holder = shared.of(measurements, person.pseudonym);
  const owners = await trial.owners();
  if (owners.of(measurements, person.pseudonym) !== holder) {
    throw new Error('somebody took over the partition whose batch was held');
  }
  for (const consumer of consumers) consumer.go();
  return trial.evidence();
};

/** A consumer has joined before it claims: so until each has partitions, and none has changed hands for a while. */
function dealtOut(trial: ConsumerTrial): Promise<Owners> {
  let last = new Map<string, string>() as Owners['all'];
  let sinceMs = 0;
  return until(
    'the partitions are dealt out',
    trialWithinMs,
    () => trial.owners(),
    ({ all }) => {
      if (!isDeepStrictEqual(all, last)) [last, sinceMs] = [all, performance.now()];
      return new Set(all.values()).size === consumersCount && performance.now() - sinceMs > 1_000;
    },
  );
}

/** Closed and opened again: the consumer has to read the patient's events once more. */
export const closedAndOpened: Scenario = async (laboratory, mutant) => {
  const trial = await laboratory.consumerTrial(mutant);
  const person = laboratory.newPerson();
  await laboratory.publish(person, 20);
  await trial.start();
  await trial.settled();
  await laboratory.order(person, 'close');
  await laboratory.order(person, 'open');
  await until(
    'the gate is open again',
    trialWithinMs,
    () => trial.gateOf(person),
    (gate) => gate === 'open',
  );
  return trial.evidence();
};
