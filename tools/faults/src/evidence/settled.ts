import { setTimeout as pause } from 'node:timers/promises';
import { keyVault, measurements } from '@samspill/contracts';
import { kafkaEventLog, type EventLog } from '@samspill/event-log';
import type { FaultMesh } from '../mesh/fault-mesh.ts';
import { followedTables, type FollowedTable } from './followed-tables.ts';
import { schemaOf } from './read-models.ts';
import { withClient } from './with-client.ts';

const pollMs = 500;

/**
 * Waits until every version of every read model stands at the end of the log and nobody catches up, `withinMs` at most;
 * answers with what is still behind, empty when nothing is. Nothing may be written meanwhile but what the vault states.
 */
export async function settled(
  mesh: Pick<FaultMesh, 'directBrokers' | 'databaseUrls'>,
  withinMs: number,
  followed: readonly FollowedTable[] = followedTables,
): Promise<string[]> {
  const log = kafkaEventLog({ brokers: mesh.directBrokers, clientId: 'faults' });
  const deadline = performance.now() + withinMs;
  try {
    for (;;) {
      const behind = await look(mesh, log, followed).catch((error: unknown) => [
        `it cannot be seen: ${String(error)}`,
      ]);
      if (behind.length === 0 || performance.now() > deadline) return behind;
      await pause(pollMs);
    }
  } finally {
    await log.close();
  }
}

type LogEnds = ReadonlyMap<string, number>;

async function look(
  { databaseUrls }: Pick<FaultMesh, 'databaseUrls'>,
  log: EventLog,
  tables: readonly FollowedTable[],
): Promise<string[]> {
  const before = await endsOf(log);
  const behind = await Promise.all(
    tables.map((followed) => behindOf(databaseUrls[followed.service], followed, before)),
  );
  const after = await endsOf(log);
  const grown = [...after].flatMap(([topic, end]) =>
    end === before.get(topic) ? [] : [`${topic} still grows`],
  );
  return [...behind.flat(), ...grown];
}

/** Sums over all partitions: no checkpoint stands beyond its end, so equal sums are equal ends. */
async function endsOf(log: EventLog): Promise<LogEnds> {
  const topics = [measurements.topic, keyVault.topic];
  const ranges = await Promise.all(topics.map((topic) => log.ranges(topic)));
  return new Map(
    topics.map((topic, index) => [
      topic,
      (ranges[index] ?? []).reduce((sum, { end }) => sum + end, 0),
    ]),
  );
}

const behindOf = (
  databaseUrl: string,
  { service, projection }: FollowedTable,
  ends: LogEnds,
): Promise<string[]> =>
  withClient(databaseUrl, async (db) => {
    const schema = schemaOf(service);
    const reached = await db.query<{ version: number; topic: string; next: number }>(
      `SELECT o.version, o.topic, sum(o.next_offset)::float8 AS next
         FROM ${schema}.projection_offset o
         JOIN ${schema}.read_model_version v USING (projection, version)
        WHERE projection = $1 AND v.state <> 'discarded' GROUP BY o.version, o.topic`,
      [projection],
    );
    const waiting = await db.query<{ version: number; patients: number }>(
      `SELECT version, count(*)::int AS patients FROM ${schema}.patient_gate
        WHERE projection = $1 AND state = 'catching-up' GROUP BY version`,
      [projection],
    );
    const name = (version: number): string => `${service}.${projection}.v${version}`;
    return [
      ...reached.rows.flatMap(({ version, topic, next }) => {
        const lag = (ends.get(topic) ?? 0) - next;
        return lag <= 0 ? [] : [`${name(version)} is ${lag} records behind on ${topic}`];
      }),
      ...waiting.rows.map(
        ({ version, patients }) => `${name(version)} has ${patients} patients catching up`,
      ),
    ];
  });
