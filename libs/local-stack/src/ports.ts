import { once } from 'node:events';
import { createServer } from 'node:net';
import { SamspillError } from '@samspill/kernel';

/** Where each server listens, on 127.0.0.1. */
export interface StackPorts {
  readonly kafka: number;
  readonly kafkaController: number;
  readonly registry: number;
  readonly registryManagement: number;
  readonly postgres: number;
}

interface PortOfServer {
  readonly usual: number;
  readonly part: string;
  readonly setting: string;
}

const defaults: Record<keyof StackPorts, PortOfServer> = {
  kafka: { usual: 19092, part: 'Kafka', setting: 'SAMSPILL_KAFKA_PORT' },
  kafkaController: {
    usual: 19093,
    part: 'the Kafka controller',
    setting: 'SAMSPILL_KAFKA_CONTROLLER_PORT',
  },
  registry: { usual: 18081, part: 'the schema registry', setting: 'SAMSPILL_REGISTRY_PORT' },
  registryManagement: {
    usual: 19000,
    part: 'the management of the schema registry',
    setting: 'SAMSPILL_REGISTRY_MANAGEMENT_PORT',
  },
  postgres: { usual: 15432, part: 'PostgreSQL', setting: 'SAMSPILL_POSTGRES_PORT' },
};

/** Nobody listens there on 127.0.0.1. */
export const isFree = async (port: number): Promise<boolean> => {
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
};

/**
 * A port that is free and none of `taken`, to which it is added. Below the range from which the system gives outgoing
 * connections their ports, so that none is taken meanwhile.
 */
export const freePort = async (taken: Set<number>): Promise<number> => {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (taken.has(port) || !(await isFree(port))) continue;
    taken.add(port);
    return port;
  }
};

const fromSetting = (setting: string, env: NodeJS.ProcessEnv): number | undefined => {
  const text = env[setting];
  if (text === undefined || text === '') return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new SamspillError('CONFIG_INVALID', {
    place: setting,
    mend: 'give a port number from 1 to 65535',
  });
};

/** How the port of one server is chosen. */
export interface PortChoice extends PortOfServer {
  /** Any free one will do. */
  readonly free: boolean;
  /** Instead of setting and usual one. */
  readonly asked?: number | undefined;
}

/**
 * The port of a server: a free one, or what is asked for, or the setting, or the usual one. It is none of `taken`, the
 * ports of those that start with it, and is added to them.
 * Raises PORT_IN_USE naming port, part and setting, and CONFIG_INVALID for a setting that is no port.
 */
export const choosePort = async (
  { part, setting, usual, free, asked }: PortChoice,
  taken: Set<number>,
  env: NodeJS.ProcessEnv = process.env,
): Promise<number> => {
  if (free) return freePort(taken);
  const port = asked ?? fromSetting(setting, env) ?? usual;
  if (taken.has(port) || !(await isFree(port))) {
    throw new SamspillError('PORT_IN_USE', {
      place: `port ${port} for ${part}`,
      mend: `stop what uses port ${port}, or choose another one by ${setting}`,
    });
  }
  taken.add(port);
  return port;
};

/** A port that a server takes unless told otherwise. */
export interface PortSetting {
  readonly part: string;
  readonly setting: string;
  readonly port: number;
}

/** The ports that a stack would take, by settings and defaults. Raises CONFIG_INVALID for a setting that is no port. */
export const stackPorts = (env: NodeJS.ProcessEnv = process.env): PortSetting[] =>
  Object.values(defaults).map(({ part, setting, usual }) => ({
    ...{ part, setting },
    port: fromSetting(setting, env) ?? usual,
  }));

/** The ports of a stack, each as by `choosePort`. */
export const choosePorts = async (
  asked: Partial<StackPorts> | 'free',
  env: NodeJS.ProcessEnv,
): Promise<StackPorts> => {
  const taken = new Set<number>();
  const choose = (name: keyof StackPorts): Promise<number> => {
    const free = asked === 'free';
    return choosePort(
      { ...defaults[name], free, asked: free ? undefined : asked[name] },
      taken,
      env,
    );
  };
  return {
    kafka: await choose('kafka'),
    kafkaController: await choose('kafkaController'),
    registry: await choose('registry'),
    registryManagement: await choose('registryManagement'),
    postgres: await choose('postgres'),
  };
};
