/** How a version of a read model is named in tables and messages; one that readers do not see says so. */
export const readModelName = (
  service: string,
  { projection, version, state = 'live' }: { projection: string; version: number; state?: string },
): string => `${service} ${projection} v${version}${state === 'live' ? '' : ` (${state})`}`;
