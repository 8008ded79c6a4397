import type { StackAddresses } from './environment.ts';
import type { StackPorts } from './ports.ts';
import type { StackPart } from './server.ts';

/** Kafka, schema registry and PostgreSQL, ready for use. */
export interface LocalStack extends StackAddresses {
  readonly kind: 'found' | 'docker' | 'processes';
  /** The servers as they are now; empty unless they are local processes. */
  readonly processes: readonly { readonly name: StackPart; readonly pid: number }[];
  /** Ends what was started; a found stack is left as it is. */
  stop(): Promise<void>;
  /** Sends a signal to a server, for tests of failure. Raises CONFIG_INVALID unless the servers are local processes. */
  kill(part: StackPart, signal: NodeJS.Signals): void;
  /** Starts a server again on its data and port, ending it first where it runs. Raises CONFIG_INVALID for a found stack. */
  restart(part: StackPart): Promise<void>;
}

/** What happens during the start, to be shown to a person. */
export type ProgressStep =
  | { readonly part: StackPart; readonly state: 'downloading' | 'starting' }
  | { readonly part: StackPart; readonly state: 'ready'; readonly ms: number }
  /** Docker answers but could not start the servers, so that local processes are tried. */
  | { readonly part: 'docker'; readonly state: 'failed'; readonly reason: string };

export interface StackOptions {
  /** Folder for data and logs; made where absent. */
  readonly dataDir: string;
  /** Instead of settings and defaults; 'free' picks any free ones, for tests. */
  readonly ports?: Partial<StackPorts> | 'free';
  readonly onProgress?: (step: ProgressStep) => void;
  /** Starts servers even where the environment names some. */
  readonly ignoreEnvironment?: boolean;
  /** Begins with empty servers. */
  readonly fresh?: boolean;
  /** Further settings of Kafka, for trials; of local processes alone. */
  readonly brokerSettings?: Readonly<Record<string, string>>;
  /** The servers outlive this process; `stopRunningStack` ends them. Always local processes. */
  readonly detached?: boolean;
}
