import { keyVault } from '@samspill/contracts';
import { kafkaEventLog } from '@samspill/event-log';
import { withDatabase } from '@samspill/local-stack';
import { ok, warning, type Check, type Surroundings } from '../check.ts';
import { databaseOf } from './service-database.ts';

const nothing = (): void => undefined;
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** The key vault has read what it stated, to the end: a restored one serves nothing before. */
export const keyReadBackCheck = ({ addresses }: Pick<Surroundings, 'addresses'>): Check => ({
  name: 'key vault read back',
  group: 'mesh',
  needs: ['kafka', 'postgres'],
  look: async () => {
    const { url, schema } = databaseOf('key-vault', addresses.databaseUrl ?? '');
    const log = kafkaEventLog({
      brokers: addresses.kafkaBrokers,
      clientId: 'samspill-doctor',
      logger: silent,
    });
    try {
      const [ranges, read] = await Promise.all([
        log.ranges(keyVault.topic),
        withDatabase(url, (db) =>
          db.query<{ partition: number; next: string }>(
            `SELECT partition, next_offset AS next FROM ${schema}.read_back`,
          ),
        ),
      ]);
      const next = new Map(read.rows.map((row) => [row.partition, Number(row.next)]));
      const behind = ranges
        .map(({ partition, start, end }) => end - Math.max(start, next.get(partition) ?? 0))
        .reduce((sum, records) => sum + Math.max(0, records), 0);
      if (behind === 0) return [ok('to the end of its own topic')];
      const what = `${behind} of its own facts are not read back yet`;
      return [warning(what, 'wait; where it lasts, see the log of the key vault')];
    } finally {
      await log.close();
    }
  },
});
