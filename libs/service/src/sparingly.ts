/** Of the time at most; a count of 20 ms is made once a second, one of a second every minute. */
const shareMax = 0.02;

/**
 * Asks what is dear no more often than it can be afforded: an answer is given again until asking anew takes no more than
 * 2 % of the time. Errors are not kept.
 */
export function sparingly<Answer>(
  ask: () => Promise<Answer>,
  nowMs: () => number = () => performance.now(),
): () => Promise<Answer> {
  let known: { readonly answer: Answer; readonly untilMs: number } | undefined;
  return async () => {
    const beganMs = nowMs();
    if (known !== undefined && beganMs < known.untilMs) return known.answer;
    const answer = await ask();
    known = { answer, untilMs: beganMs + (nowMs() - beganMs) / shareMax };
    return answer;
  };
}
