import { describe, expect, it } from 'vitest';
import type { LagAnswer, PartitionLag } from '../lag/lag-answer.ts';
import { drawStatus } from './draw-status.ts';
import type { MeshPart } from './mesh-part.ts';
import type { MeshStatus } from './mesh-status.ts';

const at = '2026-03-08T12:00:00.000Z';
const part = (name: string, changes: Partial<MeshPart> = {}): MeshPart => ({
  ...{ name, kind: 'service', address: 'http://127.0.0.1:7411', pid: 4711 },
  ...{ health: 'ready', lacks: [], lastError: null },
  ...changes,
});
const partition = (changes: Partial<PartitionLag> = {}): PartitionLag => ({
  ...{ topic: 't.v1', partition: 0, next: 5, end: 5, records: 0, behindSeconds: 0 },
  ...{ owner: 'ward/1', held: null, stops: [] },
  ...changes,
});
const readModel = (parked: number, partitions: PartitionLag[]): LagAnswer => ({
  service: 'emergency-ward',
  readModels: [
    {
      ...{ projection: 'measurements', version: 1, state: 'live', partitions },
      gates: { open: 0, withheld: 0, parked, 'catching-up': 0 },
    },
  ],
});
const held = { code: 'KEY_VAULT_UNAVAILABLE', since: at };
const drawn = (status: Partial<MeshStatus>, columns = 80, rows = 24): string[] =>
  drawStatus({ at, parts: [], lag: [], unasked: [], ...status }, { columns, rows });

describe('the status on one screen', () => {
  it('says in its first line that all is well', () => {
    const lines = drawn({ parts: [part('kafka')], lag: [readModel(0, [partition()])] });
    expect(lines[0]).toBe('2026-03-08T12:00:00Z  all is well');
  });

  it('says what is not: parts, what they lack, what holds a read model and how to mend it', () => {
    const lastError = { code: 'DATABASE_UNAVAILABLE', at };
    const text = drawn({
      parts: [part('kafka'), part('ward', { health: 'not ready', lacks: ['database'], lastError })],
      lag: [readModel(3, [partition({ records: 7, behindSeconds: 61, held })])],
    }).join('\n');
    expect(text).toContain('1 of 2 parts not ready, 1 read model stands, 3 parked');
    expect(text).toMatch(/^ward +not ready: database +DATABASE_UNAVAILABLE 12:00:00/m);
    expect(text).toMatch(/^emergency-ward measurements v1 +7 +61 +3 parked +held$/m);
    expect(text).toMatch(/held for KEY_VAULT_UNAVAILABLE since\s[^]*To mend: wait and try/);
  });

  it('says that the mesh is down, and how to bring it up', () => {
    expect(drawn({})).toEqual([expect.stringMatching(/the mesh is down; .*samspill up$/)]);
  });

  it.each([
    [80, 24],
    [50, 12],
  ])('fits into %i by %i, and shows what is not well first', (columns, rows) => {
    const parts = Array.from({ length: 30 }, (_, number) => part(`service-${number}`));
    parts[29] = part('service-29', { health: 'no answer' });
    const lag = Array.from({ length: 9 }, () => readModel(0, [partition({ held })]));
    const lines = drawn({ parts, lag }, columns, rows);
    expect(lines.length).toBeLessThanOrEqual(rows);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(columns);
    expect(lines.join('\n')).toMatch(/^service-29 +no answer/m);
  });
});
