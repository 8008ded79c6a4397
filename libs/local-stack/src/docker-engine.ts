import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';

const answerWithinMs = 2_000;

const sockets = (env: NodeJS.ProcessEnv): string[] => [
  '/var/run/docker.sock',
  join(homedir(), '.docker/run/docker.sock'),
  join(homedir(), '.colima/default/docker.sock'),
  ...(env['XDG_RUNTIME_DIR'] ? [join(env['XDG_RUNTIME_DIR'], 'docker.sock')] : []),
];

/** Where the engine would be: `DOCKER_HOST` alone when it is set. */
const endpoints = (env: NodeJS.ProcessEnv): object[] => {
  const host = env['DOCKER_HOST'];
  if (!host)
    return sockets(env)
      .filter(existsSync)
      .map((socketPath) => ({ socketPath }));
  const url = new URL(host);
  return [
    url.protocol === 'unix:'
      ? { socketPath: url.pathname }
      : { hostname: url.hostname, port: url.port || '2375' },
  ];
};

const ping = (endpoint: object): Promise<boolean> =>
  new Promise((resolve) => {
    const asked = request({ ...endpoint, path: '/_ping', timeout: answerWithinMs }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(false));
    asked.end();
  });

/** True when a Docker engine answers. Asked by hand, since importing `testcontainers` takes longer than the answer. */
export const dockerAnswers = async (env: NodeJS.ProcessEnv): Promise<boolean> => {
  for (const endpoint of endpoints(env)) {
    if (await ping(endpoint)) return true;
  }
  return false;
};
