import { gathered, type Gathering } from '@samspill/kernel';

/** Asks many questions in few requests. */
export interface Batched<Question, Answer> {
  /** Answers in the order of the questions; rejects with what the request rejected with. */
  ask(questions: readonly Question[]): Promise<Answer[]>;
  /** Questions of this kind that are under way are asked anew by the next caller. */
  forget(matches: (name: string) => boolean): void;
  /** True while a question of this kind is under way, unless it was forgotten. */
  isUnderWay(matches: (name: string) => boolean): boolean;
}

/** How an answer that callers share is handed to each, and ended when each has its own; for answers that are zeroed. */
export interface Sharing<Answer> {
  copy(answer: Answer): Answer;
  dispose(answer: Answer): void;
}

/**
 * Asks by `gathered` requests. A question that is under way is not asked twice: later callers share its answer. `nameOf`
 * tells equal questions.
 */
export function batched<Question, Answer>(
  request: (questions: readonly Question[]) => Promise<readonly Answer[]>,
  {
    nameOf,
    sharing = { copy: (answer) => answer, dispose: () => undefined },
    ...gathering
  }: Gathering & {
    readonly nameOf: (question: Question) => string;
    readonly sharing?: Sharing<Answer>;
  },
): Batched<Question, Answer> {
  const underWay = new Map<string, Promise<Answer>>();
  const ask = gathered(request, gathering);

  const enqueue = (question: Question, name: string): Promise<Answer> => {
    const answer = ask(question);
    underWay.set(name, answer);
    const settled = (): void => {
      if (underWay.get(name) === answer) underWay.delete(name);
    };
    answer.then((shared) => {
      settled();
      // Those who share it have all been called before this microtask; nobody comes after them.
      queueMicrotask(() => sharing.dispose(shared));
    }, settled);
    return answer;
  };

  return {
    ask: (questions) =>
      Promise.all(
        questions.map((question) => {
          const name = nameOf(question);
          const answer = underWay.get(name) ?? enqueue(question, name);
          return answer.then((shared) => sharing.copy(shared));
        }),
      ),
    forget: (matches) => {
      for (const name of underWay.keys()) if (matches(name)) underWay.delete(name);
    },
    isUnderWay: (matches) => underWay.keys().some(matches),
  };
}
