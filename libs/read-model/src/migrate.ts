import { SamspillError } from '@samspill/kernel';
import type { Pool, PoolClient } from 'pg';
import { engineFolder, migrationsIn, type Migration } from './migration-files.ts';
import { inTransaction } from './transaction.ts';
import { unhurried } from './unhurried.ts';

/**
 * Applies the numbered `.sql` files of the engine and then those of `folder`, each once, in one transaction, with the
 * schema in the search path; instances that start together wait for each other. Call it for one folder after another.
 * Rejects with CONFIG_INVALID when a file was changed after it was applied.
 */
export async function migrate(
  pool: Pool,
  { schema, folder }: { readonly schema: string; readonly folder: string },
): Promise<void> {
  const migrations = [...(await migrationsIn(engineFolder)), ...(await migrationsIn(folder))];
  await inTransaction(pool, async (tx) => {
    // An index over many rows takes longer than a statement of the live service may, and so does waiting for it.
    await tx.query('SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0');
    await tx.query(
      unhurried('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`migrate ${schema}`]),
    );
    await tx.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    await tx.query(`SET LOCAL search_path = ${schema}`);
    await tx.query(
      `CREATE TABLE IF NOT EXISTS migration (
         name text PRIMARY KEY, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`,
    );
    for (const migration of migrations) await applyOnce(tx, migration);
  });
}

async function applyOnce(tx: PoolClient, { name, sql, sha256 }: Migration): Promise<void> {
  const { rows } = await tx.query<{ sha256: string }>(
    'SELECT sha256 FROM migration WHERE name = $1',
    [name],
  );
  const applied = rows[0];
  if (applied?.sha256 === sha256) return;
  if (applied !== undefined) {
    throw new SamspillError('CONFIG_INVALID', {
      place: `migration ${name}`,
      mend: 'leave an applied migration as it is and add another one',
    });
  }
  await tx.query(unhurried(sql));
  await tx.query('INSERT INTO migration (name, sha256) VALUES ($1, $2)', [name, sha256]);
}
