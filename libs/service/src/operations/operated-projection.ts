import type { Projection } from '@samspill/read-model';
import { HttpRefusal } from '../http-refusal.ts';
import type { Operations } from './operations.ts';

/** The projection of that name, or all of them without a name. Throws HttpRefusal 404 that names those there are. */
export function operatedProjections(
  { projections, service }: Pick<Operations, 'projections' | 'service'>,
  named: string | undefined,
): readonly Projection[] {
  const found = projections.filter(({ name }) => named === undefined || name === named);
  if (found.length > 0) return found;
  const names = projections.map(({ name }) => name).join(', ');
  throw new HttpRefusal(404, [
    {
      code: 'not-found',
      place: 'body.projection',
      rule: `${service} keeps the projection`,
      mend: `name one of: ${names}`,
    },
  ]);
}
