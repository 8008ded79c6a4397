import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { httpKeyClient } from './http-key-client.ts';
import type { KeyClient } from './key-client.ts';

let status = 200;
let asked: string | undefined;
const server = createServer((request, response) => {
  asked = `${request.method} ${request.url}`;
  if (status > 0) response.writeHead(status, { location: '/elsewhere' }).end('{}');
});
let keys: KeyClient;
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  keys = httpKeyClient({ url, clientId: 'ward' });
});

const stop = (): void => {
  server.closeAllConnections();
  server.close();
};
afterAll(stop);

const away = { code: 'KEY_VAULT_UNAVAILABLE', retriable: true };

it('a vault answers when it says that it is ready', async () => {
  await keys.answers();
  expect(asked).toBe('GET /health/ready');
});

it.each([
  ['says that it is not ready', 503],
  ['is another server', 404],
  ['points elsewhere', 302],
  ['says nothing', 0],
])('one that %s does not', async (_, said) => {
  status = said;
  await expect(keys.answers()).rejects.toMatchObject(away);
});

it('nor does one that is gone', async () => {
  stop();
  await expect(keys.answers()).rejects.toMatchObject(away);
});
