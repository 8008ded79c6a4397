import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { openWard, startServers, type Servers, type Ward } from './ward.ts';

/** Servers for the tests of a file, and for each of them a ward of its own, handed over before it begins. */
export function wardOfEachTest(handOver: (ward: Ward) => void, partitions?: number): void {
  let servers: Servers;
  let ward: Ward;
  beforeAll(async () => {
    servers = await startServers();
  });
  afterAll(() => servers.stop());
  beforeEach(async () => {
    ward = await openWard(servers, partitions);
    handOver(ward);
  });
  afterEach(() => ward.close());
}
