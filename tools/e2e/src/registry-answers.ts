import { until } from '@samspill/testing';

/** Far more than the 20 connections that its pool keeps, so that each is used. */
const questionsAtOnce = 100;

/**
 * Resolves when the schema registry answers on whichever connection it takes. After its database was away each one in its
 * pool is dead, which it notices by the question that fails: the next file of the suite is not to be the one that asks it.
 */
export const registryAnswers = (registryUrl: string): Promise<unknown> =>
  until(
    'the registry answers all who ask at once',
    120_000,
    async () => {
      const asking = Array.from({ length: questionsAtOnce }, () => isAnswered(registryUrl));
      return (await Promise.all(asking)).filter((answered) => !answered).length;
    },
    (unanswered) => unanswered === 0,
  );

const isAnswered = (registryUrl: string): Promise<boolean> =>
  fetch(`${registryUrl}/subjects`, { signal: AbortSignal.timeout(30_000) }).then(
    async (answer) => {
      await answer.arrayBuffer();
      return answer.ok;
    },
    () => false,
  );
