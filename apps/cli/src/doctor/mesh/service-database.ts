import type { ServiceName } from '@samspill/testing';

/** The database of a service on that server, and its schema in it: both are named after the service. */
export function databaseOf(
  service: ServiceName,
  databaseUrl: string,
): { readonly url: string; readonly schema: string } {
  const schema = service.replaceAll('-', '_');
  const url = new URL(databaseUrl);
  url.pathname = `/${schema}`;
  return { url: url.href, schema };
}
