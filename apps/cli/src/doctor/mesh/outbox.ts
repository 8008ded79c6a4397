import { scrape } from '@samspill/testing';
import { ok, problem, skipped, type Check, type Surroundings } from '../check.ts';

const usualSecondsMax = 30;

/** What the key vault has decided is in the log: a closing or a shred that waits reaches nobody. */
export const outboxCheck = ({ addresses }: Pick<Surroundings, 'addresses'>): Check => ({
  name: 'outbox',
  group: 'mesh',
  look: async () => {
    const url = addresses.services['key-vault'];
    if (url === undefined) return [skipped('no address of the key vault is known')];
    const samples = await scrape(url).catch(() => []);
    const valueOf = (name: string): number | undefined =>
      samples.find((sample) => sample.name === name)?.value;
    const facts = valueOf('key_vault_outbox_waiting');
    const seconds = valueOf('key_vault_outbox_waiting_seconds');
    if (facts === undefined || seconds === undefined) {
      return [skipped('not looked at, since the key vault does not tell')];
    }
    if (seconds <= usualSecondsMax) return [ok(`${facts} facts on their way to the log`)];
    const what = `${facts} facts (grants, shreds) wait for the log, the oldest for ${Math.round(seconds)} s`;
    return [problem(what, 'bring Kafka back; where it is there, see the log of the key vault')];
  },
});
