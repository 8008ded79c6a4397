// A domain with a Kafka client of its own, in a process of its own, that prints its history. It ends what it began when
// it is told to stop, and ends at once when the harness is gone.
import { writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { dataProducts, measurements } from '@samspill/contracts';
import { kafkaEventLog } from '@samspill/event-log';
import { formatPosition } from '@samspill/kernel';
import { httpKeyClient } from '@samspill/privacy';
import { openWireFormat } from '@samspill/schema-registry';
import { publishReadings, seededRandom } from '@samspill/testing';
import { historyNow } from '../history/history.ts';
import type { HistoryEvent } from '../history/history-line.ts';
import type { PublisherSetting } from './publisher-setting.ts';
import { untilDone } from '../until-done.ts';

const setting = JSON.parse(process.env['PUBLISHER_SETTING'] ?? '') as PublisherSetting;
const { name, people, everyMs } = setting;
const random = seededRandom(name);
const retryMs = 250;

let isStopping = false;
process.on('SIGTERM', () => (isStopping = true));
process.stdin.on('end', () => process.exit(0)).resume();

/** With the pipe before anything else happens, so that a process that is killed has told all that it did. */
const tell = (event: HistoryEvent): void => {
  writeSync(1, `${JSON.stringify({ at: historyNow(), ...event })}\n`);
};

const keyVault = httpKeyClient({ url: setting.keyVaultUrl, clientId: 'measurements' });
const indexKey = await untilDone(() => keyVault.indexKey(measurements.name));
// Asked for once: the vault has enough to do with keys to seal with.
const keys = { ...keyVault, indexKey: () => Promise.resolve(indexKey) };
const registryUrl = setting.registryUrl;
const wire = await untilDone(() => openWireFormat({ registryUrl, products: dataProducts }));
const log = kafkaEventLog({ brokers: setting.brokers, clientId: 'measurements' });
const publisher = log.publisher();

await Promise.all(
  people.map(async ({ number, pseudonym: patient, n: first }) => {
    for (let n = first; !isStopping; n += 1) {
      const operation = { op: `${name}/${number}/${n}`, patient, n };
      for (;;) {
        tell({ kind: 'invoke', ...operation, action: 'record', measurement: n, via: 'log' });
        try {
          const parts = { keys, wire, publisher };
          const [published] = await publishReadings(parts, [{ patient, value: n }]);
          if (published === undefined) throw new Error('no answer');
          const position = formatPosition(published.position);
          tell({ kind: 'ok', ...operation, ...published, position });
          break;
        } catch (error) {
          tell({
            kind: 'info',
            ...operation,
            why: error instanceof Error ? error.message : 'failed',
          });
          await pause(retryMs);
        }
      }
      await pause(everyMs * (0.5 + random.next()));
    }
  }),
);
await publisher.close();
await log.close();
process.exit(0);
