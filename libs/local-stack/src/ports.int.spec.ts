import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { choosePorts } from './ports.ts';

const listening: Server[] = [];
afterEach(() => {
  for (const server of listening.splice(0)) server.close();
});

const takePort = async (): Promise<number> => {
  const server = createServer();
  listening.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
};

describe('the ports of a stack', () => {
  it('are all different when any free ones will do', async () => {
    const ports = Object.values(await choosePorts('free', {}));
    expect(new Set(ports).size).toBe(5);
  });

  it('come from what is asked for, before the settings', async () => {
    const free = await choosePorts('free', {});
    const ports = await choosePorts(free, { SAMSPILL_KAFKA_PORT: '1' });
    expect(ports).toEqual(free);
  });

  it('come from the settings', async () => {
    const { registry, ...others } = await choosePorts('free', {});
    const ports = await choosePorts(others, { SAMSPILL_REGISTRY_PORT: String(registry) });
    expect(ports.registry).toBe(registry);
  });

  it('are refused when one is in use, naming the port, the part and the setting', async () => {
    const taken = await takePort();
    await expect(
      choosePorts('free', {}).then((free) => choosePorts({ ...free, postgres: taken }, {})),
    ).rejects.toThrow(
      new RegExp(`PORT_IN_USE: port ${taken} for PostgreSQL: .*SAMSPILL_POSTGRES_PORT`),
    );
  });

  it('are refused when two servers were given the same one', async () => {
    const free = await choosePorts('free', {});
    await expect(choosePorts({ ...free, registry: free.kafka }, {})).rejects.toThrow(
      new RegExp(`PORT_IN_USE: port ${free.kafka} for the schema registry: `),
    );
  });

  it.each(['abc', '0', '70000', '1.5'])('are refused when a setting is %s', async (text) => {
    await expect(choosePorts({}, { SAMSPILL_KAFKA_PORT: text })).rejects.toThrow(
      /CONFIG_INVALID: SAMSPILL_KAFKA_PORT/,
    );
  });
});
