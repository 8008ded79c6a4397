import { dataProducts } from '@samspill/contracts';
import { errorCatalogue } from '@samspill/kernel';
import { checkNames } from '../doctor/all-checks.ts';
import { lagQuestion } from '../lag/lag-answer.ts';
import {
  answersOf,
  askEach,
  operatedServices,
  type OperatorOptions,
} from '../operated-services.ts';
import type { ValuesOf } from './completions-of.ts';

/** Whoever presses Tab does not wait for a service that is away. */
const answerWithinMs = 800;

/** Values of options and arguments that are cheap to know: products, codes, files, projections of the mesh that runs. */
export const knownValues =
  (operator: OperatorOptions): ValuesOf =>
  (name, before) => {
    if (name === 'projection') return projectionsOf(operator, before);
    return Promise.resolve(valuesByName[name]?.() ?? []);
  };

const valuesByName: Readonly<Record<string, () => readonly string[] | 'files' | 'files after @'>> =
  {
    file: () => 'files',
    root: () => 'files',
    'data-dir': () => 'files',
    patient: () => 'files after @',
    product: () => dataProducts.map(({ name }) => name),
    code: () => Object.keys(errorCatalogue),
    check: () => checkNames(),
  };

/** Of the service that is named before it, or of all. */
async function projectionsOf(
  operator: OperatorOptions,
  before: readonly string[],
): Promise<readonly string[]> {
  const service = operatedServices.find((one) => before.includes(one));
  const asked = await askEach(
    { ...operator, ...(service && { service }) },
    { ...lagQuestion, timeoutMs: answerWithinMs },
  );
  const readModels = answersOf(asked).flatMap((answer) => answer.readModels);
  return [...new Set(readModels.map(({ projection }) => projection))];
}
