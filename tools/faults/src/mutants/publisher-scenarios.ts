import type { Scenario } from './scenarios.ts';

const acknowledgements = 60;

export const publisherUndisturbed: Scenario = async (laboratory, mutant) => {
  const trial = await laboratory.publisherTrial(mutant);
  await trial.acknowledged(acknowledgements);
  return trial.evidence();
};

/** No broker answers any more; what the publisher acknowledges then is lost when it is killed. */
export const publisherKilled: Scenario = async (laboratory, mutant) => {
  const trial = await laboratory.publisherTrial(mutant);
  const brokers = Object.values(laboratory.mesh.proxies.brokers);
  await trial.acknowledged(acknowledgements);
  for (const broker of brokers) broker.set({ kind: 'cut', direction: 'to-server' });
  await trial.acknowledgedOrUnclear(acknowledgements);
  trial.kill();
  for (const broker of brokers) broker.reset();
  for (const broker of brokers) broker.set(undefined);
  await trial.acknowledged(acknowledgements);
  return trial.evidence();
};

/** Answers of the brokers are lost on the way, again and again: what was sent is in the log, and nobody says so. */
export const publisherLosesAnAnswer: Scenario = async (laboratory, mutant) => {
  const trial = await laboratory.publisherTrial(mutant);
  const brokers = Object.values(laboratory.mesh.proxies.brokers);
  for (let round = 0; round < 4; round += 1) {
    await trial.acknowledged(acknowledgements / 4);
    for (const broker of brokers) broker.set({ kind: 'drop-responses', afterBytes: 0 });
    await trial.acknowledgedOrUnclear(1);
    for (const broker of brokers) broker.set(undefined);
  }
  await trial.acknowledged(acknowledgements);
  return trial.evidence();
};
