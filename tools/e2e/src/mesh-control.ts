import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Mesh, ServiceName } from '@samspill/testing';

/** The mesh lives in the process of the suite, its tests in workers: they stop and restart services through this. */
export async function startMeshControl(
  mesh: Mesh,
): Promise<{ url: string; close(): Promise<void> }> {
  const signal = async (service: ServiceName, name: NodeJS.Signals): Promise<void> => {
    mesh.kill(service, name);
    await Promise.resolve();
  };
  const server = createServer((request, response) => {
    const [, action, service] = (request.url ?? '').split('/') as [string, string, ServiceName];
    const work =
      action === 'restart' ? mesh.restart(service) : signal(service, action as NodeJS.Signals);
    work.then(
      () => response.writeHead(204).end(),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Sends a signal to a service, or restarts it and waits until it is ready. */
export async function control(
  url: string,
  action: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT' | 'SIGTERM' | 'restart',
  service: ServiceName,
): Promise<void> {
  const answer = await fetch(`${url}/${action}/${service}`, { method: 'POST' });
  if (!answer.ok) throw new Error(await answer.text());
}
