import type { ServiceName } from '@samspill/testing';
import type { InstanceOrders } from '../inside/orders.ts';
import type { TcpProxy } from '../proxy/tcp-proxy.ts';

export const brokerIds = [1, 2, 3] as const;
export type BrokerId = (typeof brokerIds)[number];
export type BrokerName = `broker-${BrokerId}`;

/** Two instances run from the start; the third joins under load. */
export type InstanceName = `${ServiceName}-${1 | 2 | 3}`;

/** A process of the mesh. */
export type PartName = BrokerName | 'postgres' | 'registry' | InstanceName;

export interface MeshProxies {
  readonly brokers: Readonly<Record<BrokerId, TcpProxy>>;
  readonly postgres: TcpProxy;
  /** Before both instances. */
  readonly keyVault: TcpProxy;
}

/** A broker on a disk of its own. Each of its functions takes the broker to run. */
export interface SmallDisk {
  readonly broker: BrokerName;
  /** Where it keeps its log, for this process to read. */
  logFolder(): string;
  /** Takes all that is left of the disk. */
  fill(): Promise<void>;
  /** Gives it back. A broker that ended meanwhile finds it free when it starts again. */
  free(): void;
}

/** Two instances of every service, three brokers, a proxy before each broker, the database and the key vaults. */
export interface FaultMesh {
  /** `host:port` of each broker through its proxy, as the services reach it. */
  readonly brokers: readonly string[];
  /** Past the proxies: for the checks. */
  readonly directBrokers: readonly string[];
  readonly registryUrl: string;
  /** Past the proxy: for the checks. */
  readonly databaseUrls: Readonly<Record<ServiceName, string>>;
  /** Base URL of each of the two instances. */
  readonly urls: Readonly<Record<ServiceName, readonly string[]>>;
  /** Base URL of the key vault as the services reach it: whichever instance answers. */
  readonly keyVaultUrl: string;
  readonly dataDir: string;
  /** The `java` program, and the folder of Kafka's jars, for the programs that come with Kafka. */
  readonly java: string;
  readonly kafkaJars: string;
  readonly proxies: MeshProxies;
  /** The disk that can be filled; or why there is none on this machine. */
  readonly smallDisk: SmallDisk | string;
  /** Pid of a part that runs (a stopped one runs); undefined when it has ended or was never started. */
  pidOf(part: PartName): number | undefined;
  /** Sends a signal to a part; one that has ended by it is not started again until `restart`. */
  kill(part: PartName, signal: NodeJS.Signals): void;
  /** The part is about to end by itself: it is not started again until `restart`. */
  expectEnd(part: PartName): void;
  /** From inside: the clock, and the point at which it ends. A restart forgets it. */
  order(instance: InstanceName, orders: InstanceOrders): void;
  /** Starts a part on its data and port, ending it first where it runs; resolves when it is ready. */
  restart(part: PartName): Promise<void>;
  /** Told of a part that has ended although nobody ended it; it is started again. The answer ends the telling. */
  onEnded(tell: (part: PartName) => void): () => void;
  /** Ends everything that was started. */
  stop(): Promise<void>;
}
