import { kindOf, type PayloadKind } from '../payloads/payload-kind.ts';
import type { Payload } from '../payloads/read-payloads.ts';
import { sendPayload, type Sendable, type SendOptions, type Sent } from '../intake/send-payload.ts';

export interface PublishOptions extends SendOptions {
  readonly payloads: AsyncIterable<Payload>;
  /** Payloads on their way at the same time, at most. Above 1 their order is not kept. */
  readonly concurrency: number;
  readonly onSent: (payload: Payload, sent: Sent) => void;
}

/** How the sending ended: all was sent; the signal came; no answer came to one of them, so that no more were tried. */
export type PublishEnd = 'all sent' | 'interrupted' | 'intake away';

/** Sends all payloads in their order. Each that was begun is told of. */
export async function publishPayloads(options: PublishOptions): Promise<PublishEnd> {
  const queue = options.payloads[Symbol.asyncIterator]();
  let end: PublishEnd = 'all sent';
  // Whoever waits for the next line of standard input is woken up by the signal.
  const unlessAborted = (error: unknown): undefined => {
    if (!options.signal.aborted) throw error;
  };
  const worker = async (): Promise<void> => {
    for (;;) {
      const next = await queue.next().catch(unlessAborted);
      if (options.signal.aborted && !next?.done) end = 'interrupted';
      if (next === undefined || next.done || end !== 'all sent') return;
      const sent = await sendPayload(sendable(next.value), options);
      options.onSent(next.value, sent);
      if (sent.answers.every(({ status }) => status === undefined)) end = 'intake away';
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, worker));
  return end;
}

const json = 'application/fhir+json';
const ways: Record<PayloadKind, Omit<Sendable, 'body'>> = {
  Bundle: { path: '/', contentType: json },
  Observation: { path: '/Observation', contentType: json },
  // The intake says itself that it takes none.
  XML: { path: '/', contentType: 'application/fhir+xml' },
};

const sendable = ({ body }: Payload): Sendable => ({ ...ways[kindOf(body)], body });
