import type { ServiceName } from '@samspill/testing';

/** What a service needs to answer, as `/health/ready` names it. */
export type Part = 'database' | 'eventLog' | 'keyVault';

/** What each service lacks; nothing where it is not named. */
export type Lacks = Partial<Readonly<Record<ServiceName, readonly Part[]>>>;

/** Faults that are the same to whoever asks for health. */
export interface HealthRow {
  readonly what: string;
  /** Names of the catalogue. */
  readonly faults: readonly string[];
  /** While the fault holds. */
  readonly lacks: Lacks;
  /** Before that, until other brokers lead what it led. */
  readonly untilOthersLead?: Lacks;
  /** The instances that the fault is about give no answer. */
  readonly isSilent?: boolean;
  /** From the user's view. */
  readonly why: string;
}

/**
 * What `/health/ready` says under each fault. `/health/live` says that every process that answers lives: no fault of the
 * catalogue would be mended by a restart of a service.
 */
export const healthTable: readonly HealthRow[] = [
  {
    what: 'one broker is gone or stands still',
    faults: ['halt-broker', 'kill-leader', 'kill-controller', 'kill-broker', 'fill-disk'],
    lacks: {},
    untilOthersLead: { measurements: ['eventLog'] },
    why: 'the others lead its partitions after some ten seconds; until then nothing is acknowledged on these, which the intake says once it has waited for an answer',
  },
  {
    what: 'most brokers are gone',
    faults: ['kill-two-brokers'],
    lacks: { measurements: ['eventLog'] },
    why: 'nothing can be acknowledged; the ward shows what it has and says that it does not know how far it is behind; the vault gives keys and takes orders, which wait',
  },
  {
    what: 'a broker cannot be reached, and leads all the same',
    faults: ['half-open-broker', 'refuse-broker', 'cut-broker', 'drop-responses-broker'],
    lacks: { measurements: ['eventLog'] },
    why: 'as above, for the patients on its partitions',
  },
  {
    what: 'the line to a broker is slow, or broke once',
    faults: ['latency-broker', 'reset-broker', 'bandwidth-broker'],
    lacks: {},
    why: 'slow is not away, unless a look takes more than six seconds; what broke is made anew',
  },
  {
    what: 'the database of all is gone, or silent',
    faults: [
      'kill-postgres',
      'half-open-postgres',
      'stop-postgres-at-once',
      'cut-postgres',
      'drop-responses-postgres',
      'refuse-postgres',
    ],
    lacks: {
      'key-vault': ['database'],
      measurements: ['database', 'keyVault'],
      'emergency-ward': ['database', 'keyVault'],
    },
    why: 'nobody can answer; where only one service has lost its database, that one, and of a vault whoever needs it',
  },
  {
    what: 'connections to the database end, or are slow',
    faults: ['reset-postgres', 'latency-postgres', 'terminate-backends', 'bandwidth-postgres'],
    lacks: {},
    why: 'the next ones are made anew; slow is not away',
  },
  {
    what: 'the schema registry is gone',
    faults: ['kill-registry'],
    lacks: {},
    why: 'a process that runs knows its schemas; a schema that it meets for the first time holds a partition, and a start waits',
  },
  {
    what: 'one key vault is gone or stands still',
    faults: ['kill-key-vault', 'halt-key-vault'],
    lacks: {},
    isSilent: true,
    why: 'the other one answers; a call that meets one which stands still fails after 5 s',
  },
  {
    what: 'no key vault can be reached',
    faults: [
      'kill-both-key-vaults',
      'cut-key-vault',
      'drop-responses-key-vault',
      'half-open-key-vault',
      'refuse-key-vault',
    ],
    lacks: { measurements: ['keyVault'], 'emergency-ward': ['keyVault'] },
    isSilent: true,
    why: 'the intake cannot seal, and the ward finds no patient but those whom it asked for within five minutes',
  },
  {
    what: 'the line to the key vaults is slow, or broke once',
    faults: ['latency-key-vault', 'reset-key-vault', 'bandwidth-key-vault'],
    lacks: {},
    why: 'slow is not away; what broke is made anew',
  },
  {
    what: 'one instance of the intake or the ward is gone or stands still',
    faults: [
      'halt-intake',
      'halt-ward',
      'kill-intake',
      'kill-ward',
      'kill-ward-when-fetched',
      'kill-ward-when-begun',
      'kill-ward-when-written',
      'kill-ward-when-committed',
      'kill-ward-when-acknowledged',
    ],
    lacks: {},
    isSilent: true,
    why: 'the others answer; one that goes on after standing still says what is so now',
  },
  {
    what: 'instances come and go in good order, a read model is built anew',
    faults: ['join-ward', 'rolling-restart', 'rebuild-ward'],
    lacks: {},
    why: 'whoever starts answers once it can, and whoever leaves answers no more',
  },
  {
    what: 'a clock is off, or a publisher ends that is no service',
    faults: ['jump-clock', 'kill-publisher'],
    lacks: {},
    why: 'neither is needed to answer',
  },
];

/** The row of a fault. Throws where it is in none. */
export function rowOf(fault: string): HealthRow {
  const row = healthTable.find(({ faults }) => faults.includes(fault));
  if (row === undefined) throw new RangeError(`the table of health does not know ${fault}`);
  return row;
}
