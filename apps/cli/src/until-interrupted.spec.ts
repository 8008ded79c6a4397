import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { runSamspill } from './support/run-samspill.ts';

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

/** Runs the command, and gives Ctrl-C once the service was asked. */
async function interrupted(
  command: readonly string[],
  treat: (response: ServerResponse) => void,
): ReturnType<typeof runSamspill> {
  const { url, asked } = await serviceThat(treat);
  return runSamspill([...command], {
    env: { EMERGENCY_WARD_URL: url },
    onStart: (signal) => void asked.then(() => signal('SIGINT')),
  });
}

const model = ['emergency-ward', 'measurements'];

describe.each<[string, (response: ServerResponse) => void]>([
  ['is away', (response) => response.writeHead(503).end()],
  ['does not answer', () => undefined],
])('Ctrl-C while the service %s', (_, treat) => {
  it('ends the watching of what was started', async () => {
    const { exitCode, out } = await interrupted(['rebuild', 'start', ...model], treat);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/version 2 is being built\nit goes on; see samspill rebuild status/);
  });

  it('ends the watching of what goes on', async () => {
    const { exitCode, out } = await interrupted(['rebuild', 'status', ...model, '--watch'], treat);
    expect(exitCode).toBe(0);
    expect(out).toBe('');
  });
});

it('Ctrl-C ends the watching of the lag while the service does not answer', async () => {
  const { exitCode, out } = await interrupted(
    ['lag', '--watch', '--service', 'emergency-ward'],
    () => undefined,
  );
  expect(exitCode).toBe(0);
  expect(out).toBe('');
});
