import type { Component, Value } from '@samspill/contracts';
import { systems } from '../identifier-systems.ts';
import type { IssueList } from '../operation-outcome.ts';
import { hasCoding } from './coded-concept.ts';

/** Respiration, SpO2 scale 2, air or oxygen, pulse, systolic, consciousness, temperature. */
const parts = [
  '1104301000000104',
  '1104321000000108',
  '1104331000000105',
  '1104351000000103',
  '1104341000000101',
  '1104361000000100',
  '1104371000000107',
];

interface Scored {
  readonly value: Value | null;
  readonly components: readonly Component[];
}

/** Warns when a NEWS2 total differs from the sum of its seven parts; the total is kept as sent. */
export function checkNews2Sum(issues: IssueList, { value: total, components }: Scored): void {
  const scores = parts.map((code) =>
    components.find(({ codes }) => hasCoding(codes, systems.snomed, [code])),
  );
  const texts = scores.map((component) => component?.value?.text ?? '');
  if (total === null || ![...texts, total.text].every((text) => /^\d{1,2}(\.0+)?$/.test(text)))
    return;
  const sum = texts.reduce((all, text) => all + Number(text), 0);
  if (sum === Number(total.text)) return;
  const rule = 'A NEWS2 total is the sum of its parts';
  issues.warn('value', 'value', rule, 'Check the total with the source; it was kept as sent.');
}
