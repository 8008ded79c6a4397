import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runInTerminal } from '../support/run-in-terminal.ts';

const escape = '\u001b';
const enters = `${escape}[?1049h${escape}[?25l`;
const leaves = `${escape}[?25h${escape}[?1049l`;

const server = createServer((_, response) =>
  response.end('{"service":"emergency-ward","readModels":[]}'),
);
let url: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe.each([
  ['q', 'q'],
  ['Ctrl-C', '\u0003'],
])('a screen that is shown again and again', (name, keys) => {
  it(`ends at ${name}, as a command that did what it was to do, and gives the terminal back`, async () => {
    const { exitCode, out } = await runInTerminal(
      ['lag', '--watch', '--service', 'emergency-ward'],
      {
        columns: 80,
        rows: 24,
        env: { EMERGENCY_WARD_URL: url },
        typed: { after: /\d{4}-\d\d-\d\dT/, keys },
      },
    );
    expect(exitCode).toBe(0);
    expect(out.startsWith(enters)).toBe(true);
    expect(out.endsWith(leaves)).toBe(true);
  });
});
