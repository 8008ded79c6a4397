import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import type { KeyWrapper } from './key-wrapper.ts';

/** The vault's own secrets: 32 bytes each, made when first asked for, kept wrapped, never changed. */
export interface Secrets {
  /** The same for every instance and for ever. */
  secret(name: string): Promise<Buffer>;
}

export const pseudonymSecret = 'pseudonym';
export const indexKeyOf = (product: string): string => `index ${product}`;

export function secretStore(pool: Pool, wrapper: KeyWrapper): Secrets {
  const known = new Map<string, Promise<Buffer>>();

  const fetch = async (name: string): Promise<Buffer> => {
    const purpose = ['secret', name];
    const stored = (await wrappedSecret(pool, name)) ?? (await make(name));
    const [secret = Buffer.alloc(0)] = await wrapper.unwrap([{ wrapped: stored, purpose }]);
    return secret;
  };
  const make = async (name: string): Promise<Buffer> => {
    const purpose = ['secret', name];
    const [wrapped] = await wrapper.wrap([{ key: randomBytes(32), purpose }]);
    await pool.query('INSERT INTO secret (name, wrapped) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
      name,
      wrapped,
    ]);
    // Another instance may have been first: what is stored counts.
    const stored = await wrappedSecret(pool, name);
    if (stored === undefined) throw new Error(`secret ${name} was written and is not there`);
    return stored;
  };

  return {
    secret: async (name) => {
      const asked = known.get(name) ?? fetch(name);
      known.set(name, asked);
      asked.catch(() => known.delete(name));
      return Buffer.from(await asked);
    },
  };
}

/** True once the vault has kept anything: from then on its key-encryption key is given, not made. */
export async function hasSecrets(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query<{ found: boolean }>(
    'SELECT EXISTS (SELECT FROM secret) AS found',
  );
  return rows[0]?.found ?? false;
}

async function wrappedSecret(pool: Pool, name: string): Promise<Buffer | undefined> {
  const { rows } = await pool.query<{ wrapped: Buffer }>(
    'SELECT wrapped FROM secret WHERE name = $1',
    [name],
  );
  return rows[0]?.wrapped;
}
