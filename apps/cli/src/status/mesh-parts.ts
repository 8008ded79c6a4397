import { connect } from 'node:net';
import { findRunningStack } from '@samspill/local-stack';
import { findRunningMesh } from '@samspill/testing';

/** One part of the local mesh, as it is now. */
export interface MeshPart {
  readonly name: string;
  /** Without its password. */
  readonly address: string;
  readonly pid: number;
  readonly running: boolean;
  /** `ready`, or why not. */
  readonly health: string;
}

/** Every part that `samspill up` started; empty when it did not. */
export async function meshParts(dataDir: string): Promise<MeshPart[]> {
  const [stack, mesh] = await Promise.all([findRunningStack(dataDir), findRunningMesh(dataDir)]);
  const servers = stack?.parts.map(async ({ name, pid, running }): Promise<MeshPart> => {
    const address = serverAddress(name, stack);
    const health = running ? await serverHealth(name, address) : 'stopped';
    return { name, address, pid, running, health };
  });
  const services = mesh?.services.map(async ({ name, pid, running }): Promise<MeshPart> => {
    const address = mesh.urls[name as keyof typeof mesh.urls];
    const health = running ? await httpHealth(`${address}/health/ready`) : 'stopped';
    return { name, address, pid, running, health };
  });
  return Promise.all([...(servers ?? []), ...(services ?? [])]);
}

type Stack = NonNullable<Awaited<ReturnType<typeof findRunningStack>>>;

function serverAddress(name: Stack['parts'][number]['name'], stack: Stack): string {
  if (name === 'kafka') return stack.kafkaBrokers[0] ?? '';
  if (name === 'registry') return stack.schemaRegistryUrl;
  return new URL(stack.databaseUrl).host;
}

const serverHealth = (name: string, address: string): Promise<string> =>
  name === 'registry' ? httpHealth(`${address}/subjects`) : tcpHealth(address);

/** Whether a connection is taken; that a broker serves shows in the health of the services that need it. */
function tcpHealth(address: string): Promise<string> {
  const { hostname, port } = new URL(`tcp://${address}`);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), timeout: 3_000 });
    const end = (health: string): void => {
      socket.destroy();
      resolve(health);
    };
    socket.once('connect', () => end('ready'));
    socket.once('timeout', () => end('does not answer'));
    socket.once('error', () => end('does not answer'));
  });
}

async function httpHealth(url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(3_000) });
    return response.ok ? 'ready' : `answers ${response.status}`;
  } catch {
    return 'does not answer';
  }
}
