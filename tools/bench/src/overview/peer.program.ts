// The peer of the overview: the same question in SQL by hand, behind node:http and pg. It is given the pseudonym, where the
// ward has to ask the key vault for it.
import { once } from 'node:events';
import { createServer } from 'node:http';
import pg from 'pg';
import { givenSetting, serveOrders } from '../programs/serve-orders.ts';
import type { PeerOrders, PeerOverview, PeerSetting } from './peer-orders.ts';

const { databaseUrl, port } = givenSetting() as PeerSetting;
const pool = new pg.Pool({
  connectionString: databaseUrl,
  options: '-c search_path=emergency_ward',
});

interface PointRow {
  readonly series: string;
  readonly kind: string;
  readonly status: string;
  readonly at: Date;
  readonly content: string;
}

const inForce = `NOT EXISTS (
  SELECT FROM measurement newer
   WHERE newer.patient = m.patient AND newer.measurement_id = m.measurement_id AND newer.src_offset > m.src_offset)`;
const statements = {
  points: `
WITH RECURSIVE known AS (
    SELECT min(series) AS series FROM measurement WHERE patient = $1
  UNION ALL
    SELECT (SELECT min(series) FROM measurement WHERE patient = $1 AND series > known.series)
      FROM known WHERE series IS NOT NULL)
SELECT m.* FROM known CROSS JOIN LATERAL (
  SELECT m.series, m.kind, m.status, m.effective_from AS at, m.content
    FROM measurement m
   WHERE m.patient = $1 AND m.series = known.series AND ${inForce}
   ORDER BY m.effective_from DESC LIMIT 100) m`,
  sources: `
SELECT source_orgnr, source_orgnr_child, source_system, max(recorded_at) AS received, max(effective_from) AS measured
  FROM measurement m WHERE patient = $1 GROUP BY 1, 2, 3`,
  retracted: `
SELECT measurement_id, recorded_at, retraction FROM measurement m
 WHERE patient = $1 AND retraction IS NOT NULL AND ${inForce}`,
};

const ask = async <Row extends object>(
  name: keyof typeof statements,
  patient: string,
): Promise<Row[]> =>
  (await pool.query<Row>({ name, text: statements[name], values: [patient] })).rows;

async function overviewOf(patient: string): Promise<PeerOverview> {
  const [points, sources, retracted] = await Promise.all([
    ask<PointRow>('points', patient),
    ask('sources', patient),
    ask('retracted', patient),
  ]);
  const series = [...Map.groupBy(points, (row) => row.series)].map(([name, rows]) => {
    const contents = rows.map(
      (row) => JSON.parse(row.content) as { value: { text: string } | null },
    );
    return {
      series: name,
      latest: { kind: rows[0]?.kind, status: rows[0]?.status, ...contents[0] },
      points: rows
        .map(({ at }, index) => ({
          at: at.toISOString(),
          value: contents[index]?.value?.text ?? null,
        }))
        .reverse(),
    };
  });
  return { series, sources, retracted };
}

const server = createServer((request, response) => {
  const answer = (status: number, body: object): void => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  overviewOf(String(request.headers['patient'])).then(
    (overview) => answer(200, overview),
    (error: unknown) => answer(500, { error: String(error) }),
  );
});
await once(server.listen(port, '127.0.0.1'), 'listening');

const orders: PeerOrders = {
  end: async () => {
    server.close();
    await pool.end();
  },
};
serveOrders(orders);
