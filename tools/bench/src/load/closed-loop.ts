import { latencies, type Latencies } from './latencies.ts';

export interface ClosedLoop {
  /** Each sends its next request when the last one is answered. */
  readonly callers: number;
  readonly lastsMs: number;
  /** One request, the nth; rejects when it was not answered as it should be. */
  readonly send: (n: number) => Promise<void>;
}

export interface LoopResult {
  readonly answered: number;
  readonly perSecond: number;
  readonly times: Latencies;
}

/**
 * What so many callers get done who wait for their answers: a throughput. Its times say what a caller saw, and nothing
 * of what would have come to others, who were not sent while the service was slow: for that see `openLoop`.
 */
export async function closedLoop({ callers, lastsMs, send }: ClosedLoop): Promise<LoopResult> {
  const times = latencies();
  const begin = performance.now();
  const end = begin + lastsMs;
  let sent = 0;
  const caller = async (): Promise<void> => {
    for (let at = begin; at < end;) {
      await send(sent++);
      const answeredAt = performance.now();
      times.note(answeredAt - at);
      at = answeredAt;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  const seconds = (performance.now() - begin) / 1_000;
  return { answered: times.count, perSecond: times.count / seconds, times };
}
