import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { dockerAnswers } from './docker-engine.ts';

let engine: Server | undefined;
afterEach(() => engine?.close());

const startEngine = async (status: number): Promise<string> => {
  engine = createServer((request, response) => {
    response.statusCode = request.url === '/_ping' ? status : 404;
    response.end();
  });
  await once(engine.listen(0, '127.0.0.1'), 'listening');
  return `tcp://127.0.0.1:${(engine.address() as AddressInfo).port}`;
};

describe('the look for a Docker engine', () => {
  it('finds one that answers where DOCKER_HOST says', async () => {
    expect(await dockerAnswers({ DOCKER_HOST: await startEngine(200) })).toBe(true);
  });

  it('takes one that is not well for none', async () => {
    expect(await dockerAnswers({ DOCKER_HOST: await startEngine(500) })).toBe(false);
  });

  it('takes a socket that is not there for none', async () => {
    expect(await dockerAnswers({ DOCKER_HOST: 'unix:///nowhere/docker.sock' })).toBe(false);
  });
});
