import type { EventLog } from '@samspill/event-log';
import type { KeyClient } from '@samspill/privacy';
import type { Pool, QueryConfig } from 'pg';
import type { Logger } from 'pino';
import type { PatientStateWatch } from '../patient-state-watch.ts';
import { PartLook, type NeededPart } from './part-look.ts';

/** Well below what other statements may take; the types of pg leave the time of one statement out. */
const question: QueryConfig & { readonly query_timeout: number } = {
  text: 'SELECT',
  query_timeout: 2_000,
};

export const databasePart = (pool: Pool): NeededPart => ({
  look: () => pool.query(question),
  code: 'DATABASE_UNAVAILABLE',
});

/** Needed by whoever asks for a patient or a key. */
export const keyVaultPart = (keys: Pick<KeyClient, 'answers'>): NeededPart => ({
  look: () => keys.answers(),
  code: 'KEY_VAULT_UNAVAILABLE',
});

/** Needed by whoever publishes to the topic: what was read of it before can be shown without. */
export const eventLogPart = (
  eventLog: Pick<EventLog, 'acknowledges'>,
  topic: string,
): NeededPart => ({
  look: () => eventLog.acknowledges(topic),
  code: 'EVENT_LOG_UNAVAILABLE',
});

export const patientStatePart = (patientState: PatientStateWatch): NeededPart => ({
  look: () => patientState.known(),
  code: 'PATIENT_STATE_UNKNOWN',
});

/** Looks at each part, and writes down when one goes or comes, as whoever asks is told. */
export const looksAt = (
  parts: Readonly<Record<string, NeededPart>>,
  logger: Pick<Logger, 'info' | 'warn'>,
): ReadonlyMap<string, PartLook> =>
  new Map(
    Object.entries(parts).map(([part, needed]) => {
      const tell = new PartLook(needed, ({ status, code }) =>
        status === 'up'
          ? logger.info({ part }, 'is there again')
          : logger.warn({ part, code }, 'not ready'),
      );
      return [part, tell];
    }),
  );
