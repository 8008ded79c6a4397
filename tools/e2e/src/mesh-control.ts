import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Mesh, ServiceName } from '@samspill/testing';

/** A process of the mesh that tests may stop. */
export type ControlledPart = ServiceName | 'kafka' | 'postgres';

/** The mesh lives in the process of the suite, its tests in workers: they stop and restart its parts through this. */
export async function startMeshControl(
  mesh: Mesh,
): Promise<{ url: string; close(): Promise<void> }> {
  const act = async (action: string, part: ControlledPart): Promise<void> => {
    if (part === 'kafka' || part === 'postgres') {
      if (action === 'restart') await mesh.stack.restart(part);
      else mesh.stack.kill(part, action as NodeJS.Signals);
    } else if (action === 'restart') await mesh.restart(part);
    else mesh.kill(part, action as NodeJS.Signals);
  };
  const server = createServer((request, response) => {
    const [, action, part] = (request.url ?? '').split('/') as [string, string, ControlledPart];
    act(action, part).then(
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

/** Sends a signal to a part, or restarts it and waits until it is ready. */
export async function control(
  url: string,
  action: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT' | 'SIGTERM' | 'restart',
  part: ControlledPart,
): Promise<void> {
  const answer = await fetch(`${url}/${action}/${part}`, { method: 'POST' });
  if (!answer.ok) throw new Error(await answer.text());
}
