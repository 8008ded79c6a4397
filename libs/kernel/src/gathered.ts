/** How questions are gathered into requests. */
export interface Gathering {
  /** Questions in a request. */
  readonly max: number;
  /** Requests that are open before questions wait for one to end. */
  readonly openMax: number;
  /** One that takes longer is waited for no more: questions are not to hang behind a request that hangs. 100 unless told. */
  readonly slowMs?: number;
}

/**
 * Asks the questions of many callers in few requests, without a waiting window: a question goes with those of its turn of
 * the event loop while fewer than `openMax` requests are open; what comes meanwhile goes together when one of them ends.
 * Answers stand in the order of the questions; each rejects with what its request rejected with.
 */
export function gathered<Question, Answer>(
  request: (questions: readonly Question[]) => Promise<readonly Answer[]>,
  { max, openMax, slowMs = 100 }: Gathering,
): (question: Question) => Promise<Answer> {
  interface Waiting {
    readonly question: Question;
    readonly resolve: (answer: Promise<Answer>) => void;
  }
  const waiting: Waiting[] = [];
  let open = 0;
  let isDue = false;

  const sendWaiting = (): void => {
    isDue = false;
    while (waiting.length > 0 && open < openMax) send(waiting.splice(0, max));
  };
  const sendSoon = (): void => {
    if (isDue || waiting.length === 0) return;
    isDue = true;
    queueMicrotask(sendWaiting);
  };
  const send = (part: readonly Waiting[]): void => {
    const answers = request(part.map(({ question }) => question));
    part.forEach(({ resolve }, index) => {
      resolve(answers.then((all) => all[index] as Answer));
    });
    let isOpen = true;
    open += 1;
    const makeRoom = (): void => {
      if (isOpen) open -= 1;
      isOpen = false;
      clearTimeout(slow);
      sendSoon();
    };
    const slow = setTimeout(makeRoom, slowMs);
    answers.then(makeRoom, makeRoom);
  };

  return (question) =>
    new Promise((resolve) => {
      waiting.push({ question, resolve });
      sendSoon();
    });
}
