import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { catalogue } from '../faults/catalogue.ts';
import { healthTable, rowOf } from './health-table.ts';
import { haltedAtOnce } from './first-words.ts';
import { tableText } from './table-text.ts';
import { healthSteps } from './try-health.ts';

const names = catalogue.map(({ name }) => name);

it('every fault of the catalogue is in one row, and no other', () => {
  const told = healthTable.flatMap(({ faults }) => faults);
  expect([...told].sort()).toEqual([...names].sort());
});

it('the page for operators shows the table as it is', async () => {
  const page = await readFile(join(import.meta.dirname, '../../../docs/health.md'), 'utf8');
  expect(plain(page)).toContain(plain(tableText()));
});

/** Without what is done to tables so that they look well. */
const plain = (text: string): string => text.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---');

it('of every row a fault is tried', () => {
  const tried = new Set([...healthSteps.flat(), ...haltedAtOnce].map(rowOf));
  expect(healthTable.filter((row) => !tried.has(row)).map(({ what }) => what)).toEqual([]);
});

it('what is tried together touches different parts', () => {
  for (const step of healthSteps) {
    const areas = step.flatMap((name) => catalogue.find((one) => one.name === name)?.areas ?? []);
    expect(new Set(areas).size, step.join(', ')).toBe(areas.length);
  }
});
