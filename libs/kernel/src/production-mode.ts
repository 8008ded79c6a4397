import { SamspillError } from './errors.ts';

/** Throws PRODUCTION_MODE_REFUSED in production mode (`SAMSPILL_MODE`, `NODE_ENV`): callers are not verified yet. */
export function refuseProductionMode(env: Readonly<Record<string, string | undefined>>): void {
  if (env['SAMSPILL_MODE'] === 'production' || env['NODE_ENV'] === 'production') {
    throw new SamspillError('PRODUCTION_MODE_REFUSED');
  }
}
