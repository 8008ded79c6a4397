import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { usualServicePorts } from '@samspill/testing';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { alertForm, alertsOf, anchorsOf, questionOf, runbookPage } from './alert-file.ts';
import { faultsOf } from './expression-faults.ts';
import { readKnownMetrics } from './known-metrics.ts';

const top = resolve(import.meta.dirname, '../../..');
const folder = join(top, 'infra/dashboards');
const read = (file: string): unknown => parse(readFileSync(join(folder, file), 'utf8'));
const known = readKnownMetrics(join(folder, 'metrics'));
const alerts = alertsOf(alertForm.parse(read('alerts.yml')));
const anchors = anchorsOf(readFileSync(join(top, runbookPage), 'utf8'));

describe.each(alerts)('the alert $alert', (alert) => {
  it('asks for metrics and labels that services really tell', () => {
    expect(faultsOf(questionOf(alert), known)).toEqual([]);
  });

  it('leads to a section that says what to do', () => {
    expect(anchors).toContain(alert.annotations.runbook.split('#')[1]);
  });
});

it('alerts have names of their own', () => {
  const names = alerts.map(({ alert }) => alert);
  expect(names).toEqual([...new Set(names)]);
});

const promtool = (...words: string[]) =>
  spawnSync('promtool', words, { cwd: folder, encoding: 'utf8' });

it.skipIf(promtool('--version').status !== 0).each([
  ['the configuration', ['check', 'config', 'prometheus.yml']],
  ['when alerts fire and when not', ['test', 'rules', 'alerts.test.yml']],
])("Prometheus's own tool finds nothing wrong with %s", (_, words) => {
  const { status, stdout, stderr } = promtool(...words);
  expect(status, stdout + stderr).toBe(0);
});

it('Prometheus is told of every service of a mesh on this machine, and of the alerts', () => {
  const config = z
    .object({
      rule_files: z.array(z.string()),
      scrape_configs: z
        .array(z.object({ static_configs: z.array(z.object({ targets: z.array(z.string()) })) }))
        .length(1),
    })
    .parse(read('prometheus.yml'));
  expect(config.rule_files).toEqual(['alerts.yml']);
  const targets = config.scrape_configs.flatMap(({ static_configs }) =>
    static_configs.flatMap((one) => one.targets),
  );
  expect(targets).toEqual(usualServicePorts({}).map(({ port }) => `127.0.0.1:${port}`));
});
