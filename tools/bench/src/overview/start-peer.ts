import { join } from 'node:path';
import { freePort } from '@samspill/local-stack';
import type { BenchOptions } from '../frame/benchmark.ts';
import { startProgram, type Program } from '../programs/start-program.ts';
import type { PeerOrders, PeerSetting } from './peer-orders.ts';

/** Starts the peer on the ward's own database. */
export async function startPeer(
  databaseUrl: string,
  { folder, signal }: Pick<BenchOptions, 'folder' | 'signal'>,
): Promise<Program<PeerOrders> & { readonly url: string }> {
  const port = await freePort(new Set());
  const setting: PeerSetting = { databaseUrl, port };
  const file = join(import.meta.dirname, 'peer.program.ts');
  const program = await startProgram<PeerOrders>({ name: 'peer', file, setting, folder, signal });
  return { ...program, url: `http://127.0.0.1:${port}` };
}
