import type { Projection } from '@samspill/read-model';
import { HttpRefusal } from '../http-refusal.ts';
import type { Operations } from './operations.ts';

type Operated = Pick<Operations, 'projections' | 'service'>;

/** The projection of that name. Throws HttpRefusal 404 that names those there are. */
export function operatedProjection({ projections, service }: Operated, named: string): Projection {
  const found = projections.find(({ name }) => name === named);
  if (found !== undefined) return found;
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

/** The one that is named, or all of them where none is. Throws as {@link operatedProjection}. */
export const operatedProjections = (
  operated: Operated,
  named: string | undefined,
): readonly Projection[] =>
  named === undefined ? operated.projections : [operatedProjection(operated, named)];
