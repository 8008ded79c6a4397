import type { Check } from './check.ts';

export const checkpointsAtEnd: Check = {
  name: 'checkpoints-at-end',
  promise: 'every checkpoint stands at the end of its partition',
  find: ({ ends, readModels }) =>
    readModels.flatMap(({ name, checkpoints }) =>
      checkpoints.flatMap(({ topic, partition, next }) => {
        const end = ends.find((one) => one.topic === topic && one.partition === partition)?.next;
        if (next === end) return [];
        const message = `${name} stands at ${topic}:${partition}:${next}, the partition ends at ${end ?? 'nowhere'}`;
        return [{ message, position: `${topic}:${partition}:${next}` }];
      }),
    ),
};

export const checkpointsNeverBack: Check = {
  name: 'checkpoints-never-back',
  promise: 'no checkpoint and no owner epoch ever goes back',
  find: ({ stepsBack }) =>
    stepsBack.map(({ readModel, topic, partition, next, before, epoch, epochBefore, at }) => ({
      message: `${readModel} went from ${before} (epoch ${epochBefore}) to ${next} (epoch ${epoch}) on ${topic}:${partition}`,
      position: `${topic}:${partition}:${next}`,
      at,
    })),
};
