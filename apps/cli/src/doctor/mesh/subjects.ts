import { dataProducts, type DataProduct } from '@samspill/contracts';
import { unregisteredSubjects } from '@samspill/schema-registry';
import { ok, problem, type Check, type Surroundings } from '../check.ts';

/** The registry holds every schema as `schemas/` has it. */
export const subjectsCheck = (
  { addresses }: Pick<Surroundings, 'addresses'>,
  products: readonly DataProduct[] = dataProducts,
): Check => ({
  name: 'subjects',
  group: 'mesh',
  needs: ['registry'],
  look: async () => {
    const missing = await unregisteredSubjects(addresses.schemaRegistryUrl ?? '', products);
    if (missing.length === 0) return [ok('every schema is registered as schemas/ has it')];
    return missing.map((subject) =>
      problem(`${subject} is not registered as schemas/ has it`, 'samspill schemas apply'),
    );
  },
});
