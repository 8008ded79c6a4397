import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { patchIdleTimer, requestQueueClass } from './idle-timer-patch.ts';

/** The request queue of one connection, as far as this test drives it. */
interface DrivenQueue {
  push(request: object): void;
  fulfillRequest(response: object): void;
  maybeThrottle(ms: number): void;
}

const queueOf = (): DrivenQueue => {
  const logger = { debug: () => undefined, warn: () => undefined };
  const options = {
    logger,
    maxInFlightRequests: 1,
    requestTimeout: 1_000,
    broker: 'a',
    clientId: 'a',
  };
  return new requestQueueClass(options) as DrivenQueue;
};

const request = (correlationId: number, sendRequest: () => void) => ({
  entry: { correlationId, resolve: () => undefined },
  expectResponse: true,
  sendRequest,
});

describe('the timer of an idle connection', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('plain kafkajs keeps armed though nothing waits', () => {
    const queue = queueOf();
    queue.push(request(1, () => undefined));
    queue.fulfillRequest({ correlationId: 1 });
    expect(vi.getTimerCount()).toBe(1);
  });

  it('rests once the patch is in place', () => {
    patchIdleTimer();
    const queue = queueOf();
    queue.push(request(1, () => undefined));
    queue.fulfillRequest({ correlationId: 1 });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('still sends what had to wait for a throttle, and rests after that', () => {
    patchIdleTimer();
    const queue = queueOf();
    const send = vi.fn();
    queue.maybeThrottle(500);
    queue.push(request(1, send));
    vi.advanceTimersByTime(499);
    expect(send).not.toHaveBeenCalled();
    vi.advanceTimersByTime(20);
    expect(send).toHaveBeenCalledOnce();
    queue.fulfillRequest({ correlationId: 1 });
    expect(vi.getTimerCount()).toBe(0);
  });
});
