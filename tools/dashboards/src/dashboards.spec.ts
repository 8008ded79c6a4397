import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dashboardForm, misplaced, panelsOf, questionsOf } from './dashboard-file.ts';
import { parseExpression } from './expression.ts';
import { faultsOf } from './expression-faults.ts';
import { readKnownMetrics } from './known-metrics.ts';

const folder = resolve(import.meta.dirname, '../../../infra/dashboards');
const known = readKnownMetrics(join(folder, 'metrics'));
const files = readdirSync(join(folder, 'grafana'));
const read = (file: string) =>
  dashboardForm.parse(JSON.parse(readFileSync(join(folder, 'grafana', file), 'utf8')));

const repeated = (names: readonly unknown[]) =>
  names.filter((name, at) => names.indexOf(name) !== at);

it('there is a dashboard for operators, and one for each domain that has something to say', () => {
  expect(files.sort()).toEqual(['key-vault.json', 'measurements.json', 'operators.json']);
});

describe.each(files)('the dashboard %s', (file) => {
  it('asks for metrics and labels that services really tell', () => {
    const faults = questionsOf(read(file)).flatMap((question) =>
      faultsOf(question, known).map((fault) => `${question.place}: ${fault}`),
    );
    expect(faults).toEqual([]);
  });

  it('shows one service alone where one is chosen', () => {
    const { templating } = read(file);
    if (!templating.list.some(({ name }) => name === 'service')) return;
    const ofAll = questionsOf(read(file)).flatMap(({ place, expression }) =>
      place.startsWith('variable ')
        ? []
        : parseExpression(expression)
            .selectors.filter(({ metric = '' }) => known.get(metric)?.labels.has('service'))
            .filter(({ matchers }) => !matchers.some(({ value }) => value === '$service'))
            .map(({ metric = '' }) => `${place}: ${metric}`),
    );
    expect(ofAll).toEqual([]);
  });

  it('has each panel at a place of its own', () => {
    const dashboard = read(file);
    expect(misplaced(dashboard)).toEqual([]);
    expect(repeated(dashboard.panels.map(({ id }) => id))).toEqual([]);
  });

  it('says by colour when a figure is a bad one', () => {
    const plain = panelsOf(read(file))
      .filter(({ type }) => type === 'stat')
      .filter(({ fieldConfig }) => fieldConfig.defaults.thresholds.steps.length < 2)
      .map(({ title }) => title);
    expect(plain).toEqual([]);
  });
});

it('dashboards and their panels have names of their own', () => {
  expect(repeated(files.map((file) => read(file).uid))).toEqual([]);
  for (const file of files)
    expect(repeated(panelsOf(read(file)).map(({ title }) => title))).toEqual([]);
});
