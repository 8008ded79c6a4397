import { setTimeout as pause } from 'node:timers/promises';
import { dataProducts } from '@samspill/contracts';
import { kafkaEventLog } from '@samspill/event-log';
import { isRetriable, type Pseudonym } from '@samspill/kernel';
import { httpKeyClient } from '@samspill/privacy';
import { openWireFormat } from '@samspill/schema-registry';
import { publishReadings, type Reading } from '@samspill/testing';
import type { MeshAddresses } from './mesh.setup.ts';

/** Readings that are being published, round by round: in each one reading of every patient. */
export interface ReadingStream {
  /** Rounds that the log has acknowledged. */
  rounds(): number;
  /** Resolves once that many rounds are acknowledged; rejects when the stream broke. */
  reached(rounds: number): Promise<void>;
  /** Rejects when the stream broke. */
  close(): Promise<void>;
}

/** Publishes so many rounds; one that fails while a part of the mesh is away is sent again, as the same events. */
export async function startReadingStream(
  mesh: MeshAddresses,
  patients: readonly Pseudonym[],
  roundsMax: number,
): Promise<ReadingStream> {
  const log = kafkaEventLog({ brokers: mesh.brokers, clientId: 'measurements' });
  const publisher = log.publisher();
  const keys = httpKeyClient({ url: mesh.urls['key-vault'], clientId: 'measurements' });
  const wire = await openWireFormat({ registryUrl: mesh.registryUrl, products: dataProducts });
  let done = 0;
  const closing = new AbortController();
  const isOpen = (): boolean => !closing.signal.aborted;

  /** False when it was closed before they were acknowledged. */
  const publish = async (readings: readonly Reading[]): Promise<boolean> => {
    while (isOpen()) {
      try {
        await publishReadings({ keys, wire, publisher }, readings);
        return true;
      } catch (error) {
        if (!isRetriable(error)) throw error;
        await pause(100);
      }
    }
    return false;
  };
  const streaming = (async () => {
    for (let value = 1; value <= roundsMax && isOpen(); value += 1) {
      if (await publish(patients.map((patient) => ({ patient, value })))) done = value;
    }
  })();
  // Told by `reached` and `close`.
  streaming.catch(() => undefined);

  return {
    rounds: () => done,
    reached: async (rounds) => {
      while (done < rounds) {
        await Promise.race([pause(20), streaming]);
        if (!isOpen()) throw new Error('the stream was closed');
      }
    },
    close: async () => {
      closing.abort();
      try {
        await streaming;
      } finally {
        await publisher.close();
        await log.close();
      }
    },
  };
}
