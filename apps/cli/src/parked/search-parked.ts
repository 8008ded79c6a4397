import { askEach, type Asked, type OperatorOptions } from '../operated-services.ts';
import { parkedAnswer } from './parked-answer.ts';
import type { ServiceParked } from './show-parked.ts';

export interface FoundParked {
  readonly parked: readonly ServiceParked[];
  /** False when more are parked than was asked for, or a service did not answer. */
  readonly isComplete: boolean;
  /** For what a service did not answer. */
  readonly asked: readonly Asked<unknown>[];
}

/** Asks the services who is parked. */
export async function searchParked(
  options: OperatorOptions,
  question: Readonly<Record<string, unknown>>,
): Promise<FoundParked> {
  const asked = await askEach(options, {
    path: '/operations/parked/search',
    body: question,
    form: parkedAnswer,
  });
  const answers = asked.flatMap(({ service, answer }) => (answer ? [{ service, ...answer }] : []));
  return {
    parked: answers.flatMap(({ service, parked }) => parked.map((one) => ({ service, ...one }))),
    isComplete: answers.length === asked.length && answers.every(({ isComplete }) => isComplete),
    asked,
  };
}
