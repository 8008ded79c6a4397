import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runChecks } from '../checks/run-checks.ts';
import { openLaboratory, type Laboratory } from './laboratory.ts';
import { mutants } from './mutants.ts';
import { scenarios, type ScenarioName } from './scenarios.ts';

let laboratory: Laboratory;

/** A whole mesh, on a machine that may be busy with other things too. */
const startMs = 10 * 60_000;

beforeAll(async () => {
  laboratory = await openLaboratory();
}, startMs);

afterAll(async () => {
  await laboratory.close();
});

afterEach(async () => {
  await laboratory.endTrials();
});

const findingsOf = async (scenario: ScenarioName, mutant: string | undefined) =>
  runChecks(await scenarios[scenario](laboratory, mutant));

// One after the other, in an order in which none sees what another one has left in the log.
describe.each(Object.keys(scenarios) as ScenarioName[])('%s', (scenario) => {
  it('nothing is found where there is no defect', async () => {
    expect(await findingsOf(scenario, undefined)).toEqual([]);
  });

  it.each(mutants.filter((mutant) => mutant.scenario === scenario))(
    '$name is found by $foundBy',
    async ({ name, foundBy }) => {
      const findings = await findingsOf(scenario, name);
      expect(findings.map(({ check }) => check)).toContain(foundBy);
    },
  );
});
