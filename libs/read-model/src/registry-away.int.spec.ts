import { once } from 'node:events';
import { createServer, request as ask } from 'node:http';
import type { AddressInfo } from 'node:net';
import { keyVault, measurements } from '@samspill/contracts';
import { newPseudonym } from '@samspill/kernel';
import { applySchemas, openWireFormat } from '@samspill/schema-registry';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { recorded } from './sample/events.ts';
import { caughtUp, eventually, openWard, startServers, type Servers } from './sample/ward.ts';

let servers: Servers;
beforeAll(async () => {
  servers = await startServers();
});
afterAll(() => servers.stop());

/** A way to the registry that can be cut: connections are reset then. */
async function wayTo(registryUrl: string) {
  let isCut = false;
  const server = createServer((request, response) => {
    if (isCut) return void request.socket.destroy();
    const { hostname, port } = new URL(registryUrl);
    const { method, url: path, headers } = request;
    const onward = ask({ hostname, port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const url = new URL(registryUrl);
  url.port = String((server.address() as AddressInfo).port);
  return { url: url.href, cut: (now: boolean) => (isCut = now) };
}

it('a schema that is met while the registry is away holds its partition, parks nobody, and is fetched afterwards', async () => {
  const { schemaRegistryUrl: registryUrl } = servers.stack;
  const products = [measurements, keyVault];
  await applySchemas({ registryUrl, products });
  const writer = await openWireFormat({ registryUrl, products });
  const way = await wayTo(registryUrl);
  // It knows the ids that it would write; what others wrote is learned with the first record.
  const wire = await openWireFormat({ registryUrl: way.url, products });
  const ward = await openWard(servers, 1);
  onTestFinished(() => ward.close());
  const anna = newPseudonym();
  const running = await ward.start({ wire });
  way.cut(true);
  const [key] = await ward.keys.sealingKeys(measurements.name, [anna]);
  if (key === undefined) throw new Error('no key');
  const { MeasurementRecorded } = measurements.events;
  for (let n = 0; n < 30; n += 1) {
    ward.append(recorded(anna, key, { value: String(n) }, MeasurementRecorded, writer));
  }

  await eventually(() => ward.outcomes.get('held') ?? 0).toBeGreaterThan(2);
  expect(await ward.readings()).toEqual([]);
  expect(await ward.gate(anna)).toBeUndefined();
  expect(ward.logged.join()).toContain('SCHEMA_REGISTRY_UNAVAILABLE');
  expect(running.isAlive()).toBe(true);

  way.cut(false);
  await caughtUp(running);
  expect((await ward.readings()).map(({ value }) => Number(value))).toEqual(
    Array.from({ length: 30 }, (_, n) => n),
  );
});
