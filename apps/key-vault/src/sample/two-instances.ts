import { measurements } from '@samspill/contracts';
import { newPseudonym, type Pseudonym } from '@samspill/kernel';
import { httpKeyClient, type KeyClient } from '@samspill/privacy';
import type { Pool } from 'pg';
import { eventually } from './log.ts';
import { call, openPool, startInstance, startServers } from './servers.ts';

export const product = measurements.name;

export interface Receipt {
  readonly shredded: readonly { patient: string; keyVersion: number; position?: string }[];
}

export interface GrantAnswer {
  readonly consumer: string;
  readonly product: string;
  readonly changed: readonly { patient: string; position?: string }[];
}

/** Two instances of the vault over one database, and who calls them. */
export interface TwoInstances {
  readonly urls: readonly [string, string];
  readonly pool: Pool;
  /** The owning domain, by either instance. */
  readonly domain: readonly [KeyClient, KeyClient];
  readonly ward: KeyClient;
  /** A patient of one test alone, with a key. */
  patientWithKey(): Promise<Pseudonym>;
  /** What the ward gets for these versions. */
  outcomes(patient: Pseudonym, ...versions: number[]): Promise<string[]>;
  /** Names of what was stated about the patient, in order. */
  factsOf(patient: Pseudonym): Promise<string[]>;
  shred(patient: object): Promise<{ status: number; receipt: Receipt }>;
  /** As `shred`, again until the log holds it: a slow log gives a receipt without a position. */
  shredInLog(patient: Pseudonym): Promise<Receipt>;
  /** Closes or opens the ward's grant, by either instance. */
  order(
    what: 'close' | 'open',
    patient: object,
    instance?: 0 | 1,
  ): Promise<{ status: number; answer: GrantAnswer }>;
  /** As `order`, again until the log holds it. */
  orderInLog(what: 'close' | 'open', patient: Pseudonym): Promise<GrantAnswer>;
  stop(): Promise<void>;
}

export async function startTwoInstances(): Promise<TwoInstances> {
  const servers = await startServers();
  const instances = [await startInstance(servers.env), await startInstance(servers.env)] as const;
  const pool = await openPool(servers.env);
  const urls = [instances[0].url, instances[1].url] as const;
  const domainAt = (url: string): KeyClient => httpKeyClient({ url, clientId: 'measurements' });
  const domain = [domainAt(urls[0]), domainAt(urls[1])] as const;
  const ward = httpKeyClient({ url: urls[1], clientId: 'emergency-ward' });

  const shred: TwoInstances['shred'] = async (patient) => {
    const body = { product, patient, cause: 'on order' };
    const { status, text } = await call(urls[0], 'operator', '/shred', body);
    return { status, receipt: JSON.parse(text) as Receipt };
  };
  const order: TwoInstances['order'] = async (what, patient, instance = 0) => {
    const body = { consumer: 'emergency-ward', product, patient, cause: `order to ${what}` };
    const { status, text } = await call(urls[instance], 'operator', `/grants/${what}`, body);
    return { status, answer: JSON.parse(text) as GrantAnswer };
  };
  return {
    urls,
    pool,
    domain,
    ward,
    patientWithKey: async () => {
      const patient = newPseudonym();
      await domain[0].sealingKeys(product, [patient]);
      return patient;
    },
    outcomes: async (patient, ...versions) => {
      const wanted = versions.map((version) => ({ patient, version }));
      return (await ward.openingKeys(product, wanted)).map(({ outcome }) => outcome);
    },
    factsOf: async (patient) => {
      const sql = 'SELECT event FROM outbox WHERE patient = $1 ORDER BY id';
      const { rows } = await pool.query<{ event: string }>(sql, [patient]);
      return rows.map(({ event }) => event);
    },
    shred,
    order,
    orderInLog: (what, pseudonym) =>
      eventually(async () => {
        const { answer } = await order(what, { pseudonym });
        return answer.changed[0]?.position === undefined ? undefined : answer;
      }),
    shredInLog: (pseudonym) =>
      eventually(async () => {
        const { receipt } = await shred({ pseudonym });
        return receipt.shredded[0]?.position === undefined ? undefined : receipt;
      }),
    stop: async () => {
      await pool.end();
      await Promise.all(instances.map((instance) => instance.close()));
      await servers.stop();
    },
  };
}
