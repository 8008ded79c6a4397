import { measurements } from '@samspill/contracts';
import { httpKeyClient } from '@samspill/privacy';
import { heartRate, syntheticPatients, until, vaultOperator } from '@samspill/testing';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { commandLine, type CommandLine } from './command-line.ts';

const mesh = inject('mesh');
const product = measurements.name;
const patients = syntheticPatients({ seed: 'publish-and-tail', count: 2 });

let line: CommandLine;
beforeAll(async () => {
  line = await commandLine(mesh);
});
afterAll(() => line.remove());

/** The groups of the log, without those that come and go with the services. */
async function groups(): Promise<string[]> {
  const kafka = new Kafka({
    brokers: [...mesh.brokers],
    clientId: 'e2e',
    logLevel: logLevel.NOTHING,
  });
  const admin = kafka.admin();
  await admin.connect();
  const { groups: found } = await admin.listGroups();
  await admin.disconnect();
  return found.map(({ groupId }) => groupId).sort();
}

/** What of an answer in lines of JSON is looked at here. */
interface Line {
  readonly outcome: string;
  readonly eventId: string;
  readonly positions: readonly string[];
  readonly patient: string;
  readonly opening: { readonly outcome: string };
}
const linesOf = (answer: string): Line[] =>
  answer
    .trim()
    .split('\n')
    .map((one) => JSON.parse(one) as Line);

it('what publish sends is followed by tail: sealed, opened for a consumer, withheld, shredded; nobody is named', async () => {
  const observations = patients.flatMap(({ nationalId }, at) =>
    ['a', 'b'].map((id) => heartRate({ nationalId, id: `tail-${at}-${id}`, value: '83' })),
  );
  await line.write('observations.ndjson', observations.join('\n'));
  const before = await groups();
  const since = new Date().toISOString();
  const published = linesOf(await line.run('samspill publish --json observations.ndjson'));
  expect(published.map(({ outcome }) => outcome)).toEqual(Array(4).fill('recorded'));
  const again = await line.run('samspill publish observations.ndjson');
  expect(again).toContain('4 payloads: 0 recorded, 0 changed, 4 held already');

  const keys = httpKeyClient({ url: mesh.urls['key-vault'], clientId: 'emergency-ward' });
  const named = patients.map(({ nationalId }) => ({ system: null, value: nationalId }));
  const pseudonyms = (await keys.pseudonyms(named, 'find')).map((set) => set?.[0] ?? '');
  const said: string[] = [];
  const tail = async (options: string): Promise<string> => {
    const answer = await line.run(`samspill tail --from ${since} --until-end ${options}`);
    said.push(answer);
    return answer;
  };

  const sealed = linesOf(await tail('--json'));
  expect(sealed.map(({ eventId }) => eventId).sort()).toEqual(
    published.map(({ eventId }) => eventId).sort(),
  );
  expect(new Set(sealed.map(({ patient }) => patient))).toEqual(
    new Set(['patient-1', 'patient-2']),
  );
  const text = await tail('');
  expect(text).toContain('sealed (key version 1)');
  expect(text).not.toContain('heart-rate');
  const opened = await tail('--as emergency-ward');
  expect(opened).toContain('"kind": "heart-rate"');
  const [first] = published;
  const one = await line.run(`samspill tail --from ${first?.positions[0] ?? ''} --limit 1 --json`);
  expect(linesOf(one)).toMatchObject([{ eventId: first?.eventId }]);

  const [withheld = '', shredded = ''] = pseudonyms;
  const vault = vaultOperator(mesh.urls['key-vault']);
  const order = { product, cause: 'order 17' };
  const patient = { pseudonym: withheld };
  await vault.grant('close', { ...order, consumer: 'emergency-ward', patient });
  await vault.shred({ ...order, patient: { pseudonym: shredded } });
  const outcomes = linesOf(await tail('--json --as emergency-ward')).map(
    ({ opening }) => opening.outcome,
  );
  expect(outcomes.sort()).toEqual(['shredded', 'shredded', 'withheld', 'withheld']);
  const facts = await line.run(
    `samspill tail key-vault.patient-state --from ${since} --until-end --type KeyShredded`,
  );
  expect(facts).toMatch(/KeyShredded patient-1 clear/);
  said.push(facts);

  await until('no group left behind', 10_000, groups, (left) => left.join() === before.join());
  for (const name of [...pseudonyms, ...patients.map(({ nationalId }) => nationalId)]) {
    expect(name).not.toBe('');
    expect(said.join('\n')).not.toContain(name);
  }
});
