import { join } from 'node:path';
import type { BenchOptions } from '../frame/benchmark.ts';
import { profileIn } from '../programs/profile.ts';

const top = join(import.meta.dirname, '../../../..');

const folderOf = (folder: string, service: string): string => join(folder, `${service}-profile`);

/** What a service is told beside the usual, so that it writes a profile where one is wanted. */
export const profiling = (
  { isProfiled, folder }: Pick<BenchOptions, 'isProfiled' | 'folder'>,
  service: string,
): Record<string, string> =>
  isProfiled ? { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${folderOf(folder, service)}` } : {};

/** The profiles of services that have ended, as text by name. */
export const profilesOf = (
  { isProfiled, folder }: Pick<BenchOptions, 'isProfiled' | 'folder'>,
  services: readonly string[],
): Record<string, string> =>
  isProfiled
    ? Object.fromEntries(services.map((name) => [name, profileIn(folderOf(folder, name), top)]))
    : {};
