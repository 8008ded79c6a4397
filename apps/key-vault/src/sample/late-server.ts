import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';

/** The address of a server that is away until it is opened: until then nobody is let through to it. */
export interface LateServer {
  readonly address: string;
  open(): void;
  close(): void;
}

export async function lateServer(behind: string): Promise<LateServer> {
  const { hostname: host, port } = new URL(`tcp://${behind}`);
  let isOpen = false;
  const door = createServer((caller) => {
    if (!isOpen) return void caller.destroy();
    const server = connect({ host, port: Number(port) });
    const ended = (): void => undefined;
    pipeline(caller, server, ended);
    pipeline(server, caller, ended);
  });
  door.listen(0, '127.0.0.1');
  await once(door, 'listening');
  return {
    address: `127.0.0.1:${(door.address() as AddressInfo).port}`,
    open: () => void (isOpen = true),
    close: () => void door.close(),
  };
}
