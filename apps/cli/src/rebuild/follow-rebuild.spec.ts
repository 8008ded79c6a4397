import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { runSamspill } from '../support/run-samspill.ts';

let server: ReturnType<typeof createServer>;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** A service that starts a rebuild, and then treats every question about it so. */
async function serviceThat(
  treat: (response: ServerResponse) => void,
): Promise<{ url: string; asked: Promise<undefined> }> {
  const asked = Promise.withResolvers<undefined>();
  server = createServer((request, response) => {
    if (request.url === '/operations/rebuilds/start') response.end('{"version":2}');
    else {
      treat(response);
      asked.resolve(undefined);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked: asked.promise };
}

it.each<[string, (response: ServerResponse) => void]>([
  ['is away', (response) => response.writeHead(503).end()],
  ['does not answer', () => undefined],
])('Ctrl-C ends the watching while the service %s', async (_, treat) => {
  const { url, asked } = await serviceThat(treat);
  let interruptedAt = 0;
  const { exitCode, out } = await runSamspill(
    ['rebuild', 'start', 'emergency-ward', 'measurements'],
    {
      env: { EMERGENCY_WARD_URL: url },
      onStart: (signal) =>
        void asked.then(() => {
          interruptedAt = performance.now();
          signal('SIGINT');
        }),
    },
  );
  expect(performance.now() - interruptedAt).toBeLessThan(10_000);
  expect(exitCode).toBe(0);
  expect(out).toMatch(/version 2 is being built\nit goes on; see samspill rebuild status/);
});
