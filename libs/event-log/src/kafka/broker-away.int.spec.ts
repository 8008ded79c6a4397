import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Reader, eventually } from '../contract/reader.ts';
import { sampleEvent } from '../contract/sample-event.ts';
import type { EventLogLogger } from './kafkajs-log.ts';
import { realKafka, type RealKafka } from './real-kafka.ts';

const warnings: Error[] = [];
let kafka: RealKafka;
beforeAll(async () => {
  process.on('warning', (warning) => warnings.push(warning));
  // Of its own, since it is killed.
  kafka = await realKafka({ ignoreEnvironment: true });
});
afterAll(() => kafka.stop());

/** Counts the lines that an operator sees, by their text. */
const countingLogger = (): { logger: EventLogLogger; lines: Map<string, number> } => {
  const lines = new Map<string, number>();
  const write = (_: object, text: string): void => void lines.set(text, (lines.get(text) ?? 0) + 1);
  const nothing = (): void => undefined;
  return { logger: { debug: nothing, info: nothing, warn: write, error: write }, lines };
};

describe('while the broker is away', () => {
  it('a subscription stays alive, says each thing once, and reads on as the member it was', async () => {
    const topic = await kafka.createTopic(3);
    const { logger, lines } = countingLogger();
    const aliveWithinMs = 4_000;
    // A new member would wait until the session of the old one is over: longer than the test.
    const subscribe = { aliveWithinMs, sessionTimeoutMs: 180_000, rebalanceTimeoutMs: 180_000 };
    const log = kafka.newLog({ logger, subscribe });
    onTestFinished(() => log.close());
    const reader = new Reader(log, [topic]);
    const running = await reader.start();
    await log.publisher().publish([1, 2, 3].map(() => sampleEvent(topic)));
    await reader.hasApplied(3);

    await log.acknowledges(topic);

    kafka.stack.kill('kafka', 'SIGKILL');
    const awaySinceMs = performance.now();
    const late = log.publisher().publish([4, 5, 6].map(() => sampleEvent(topic)));
    late.catch(() => undefined);
    const seenAlive = new Set<boolean>();
    // As long as it takes for a subscription to count as dead, and as much again.
    await expect
      .poll(
        () => {
          seenAlive.add(running.isAlive());
          return performance.now() - awaySinceMs;
        },
        { timeout: 30_000 },
      )
      .toBeGreaterThan(2 * aliveWithinMs);
    expect([...seenAlive]).toEqual([true]);
    expect(new Set(lines.values())).toEqual(new Set([1]));
    const away = { code: 'EVENT_LOG_UNAVAILABLE' };
    await expect(log.acknowledges(topic)).rejects.toMatchObject(away);

    await kafka.stack.restart('kafka');
    await reader.hasApplied(6);
    await eventually(() => log.acknowledges(topic));
  }, 120_000);

  it('a reader says so, and another one that is opened afterwards reads on', async () => {
    const topic = await kafka.createTopic(1);
    const log = kafka.newLog();
    onTestFinished(() => log.close());
    await log.publisher().publish([1, 2].map(() => sampleEvent(topic)));
    const what = { topic, partition: 0, from: 0, name: 'contract.reading' };
    const reader = await log.reader(what);
    expect(await reader.read()).toMatchObject({ nextOffset: 2 });

    const waiting = reader.read();
    kafka.stack.kill('kafka', 'SIGKILL');
    await expect(waiting).rejects.toMatchObject({ code: 'EVENT_LOG_UNAVAILABLE' });
    await expect(log.reader(what)).rejects.toMatchObject({ code: 'EVENT_LOG_UNAVAILABLE' });
    await reader.close();

    await kafka.stack.restart('kafka');
    await eventually(async () => {
      const other = await log.reader({ ...what, from: 1 });
      expect(await other.read()).toMatchObject({ nextOffset: 2 });
    });
  }, 120_000);

  it('and before and after, no connection leaves a timer that spins', () => {
    expect(warnings.filter(({ name }) => name === 'TimeoutNegativeWarning')).toEqual([]);
  });
});
