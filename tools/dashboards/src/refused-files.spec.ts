import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { expect, it } from 'vitest';
import { alertForm, alertsOf, questionOf } from './alert-file.ts';
import { dashboardForm, misplaced, questionsOf } from './dashboard-file.ts';
import { faultsOf } from './expression-faults.ts';
import { knownMetrics } from './known-metrics.ts';

const fixture = (file: string): string =>
  readFileSync(join(import.meta.dirname, '../fixtures', file), 'utf8');
const known = knownMetrics([{ type: 'gauge', name: 'lag', labels: ['topic'], help: '' }]);

it('a dashboard with a wrong name, a wrong label and a panel on another is refused', () => {
  const dashboard = dashboardForm.parse(JSON.parse(fixture('wrong-dashboard.json')));
  const faults = questionsOf(dashboard).flatMap((question) => faultsOf(question, known));
  expect(faults).toEqual([
    'nobody tells lag_records',
    'lag has no label topik',
    'shows partition, which lag does not have',
    'shows service, which lag does not have',
  ]);
  expect(misplaced(dashboard)).toEqual(['Wrong label lies on Wrong name']);
});

it('alerts with a wrong name, a wrong label and a wrong label in the text are refused', () => {
  const alerts = alertsOf(alertForm.parse(parse(fixture('wrong-alerts.yml'))));
  expect(alerts.map((alert) => faultsOf(questionOf(alert), known))).toEqual([
    ['nobody tells lag_records'],
    ['lag has no label topik'],
    ['shows partition, which lag does not have'],
  ]);
});

it('an alert that does not say what to do is refused', () => {
  const [whole = ''] = fixture('wrong-alerts.yml').split('      - alert: WrongLabel');
  const without = whole.replace(/ *runbook:.*\n/, '');
  expect(alertForm.safeParse(parse(whole)).success).toBe(true);
  expect(alertForm.safeParse(parse(without)).error?.issues).toHaveLength(1);
});
