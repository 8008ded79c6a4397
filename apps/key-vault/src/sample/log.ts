import { randomUUID } from 'node:crypto';
import { keyVault } from '@samspill/contracts';
import { kafkaEventLog, type EventLog, type LoggedRecord } from '@samspill/event-log';

export const openLog = (env: Readonly<Record<string, string>>): EventLog =>
  kafkaEventLog({ brokers: (env['KAFKA_BROKERS'] ?? '').split(','), clientId: 'key-vault-test' });

/** Everything that the vault's topic holds now, in the order of each partition. */
export async function recordsOf(log: EventLog): Promise<LoggedRecord[]> {
  const ranges = await log.ranges(keyVault.topic);
  const open = new Map(
    ranges.filter(({ start, end }) => start < end).map((r) => [r.partition, r.end]),
  );
  const records: LoggedRecord[] = [];
  if (open.size === 0) return records;
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const running = await log.subscribe({
    topics: [keyVault.topic],
    group: `key-vault-test.${randomUUID()}`,
    claim: (partitions) =>
      Promise.resolve(
        partitions.map(
          ({ partition }) => ranges.find((r) => r.partition === partition)?.start ?? 0,
        ),
      ),
    handle: (batch) => {
      records.push(...batch.records);
      if (batch.nextOffset >= (open.get(batch.partition) ?? 0)) open.delete(batch.partition);
      if (open.size === 0) finish();
      return Promise.resolve('done' as const);
    },
  });
  await Promise.race([finished, running.ended]);
  await running.close();
  return records;
}

/** Resolves with the first answer that is not undefined; rejects after thirty seconds. */
export async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + 30_000;
  while (performance.now() < deadline) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('did not come true within thirty seconds');
}
