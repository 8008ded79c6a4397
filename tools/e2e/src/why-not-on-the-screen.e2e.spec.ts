import { join } from 'node:path';
import { measurements } from '@samspill/contracts';
import { kafkaEventLog, type EventLog } from '@samspill/event-log';
import { uuidV8, type EventId, type Pseudonym } from '@samspill/kernel';
import { createDatabase } from '@samspill/local-stack';
import { httpKeyClient } from '@samspill/privacy';
import { createPool } from '@samspill/read-model';
import {
  bundleOf,
  heartRate,
  homeHub,
  syntheticPatients,
  until,
  vaultOperator,
} from '@samspill/testing';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { commandLine, type CommandLine } from './command-line.ts';
import { control } from './mesh-control.ts';
import {
  nameOf,
  readExamples,
  saysTheSame,
  writeExamples,
  type PageExample,
} from './page-examples.ts';

// Each way by which a measurement does not come to the screen, and the commands of the page that say which one it is.
// With SAMSPILL_RECORD_DOCS=1 the answers are written on the page instead of being compared with it.
const page = join(import.meta.dirname, '../../docs/why-not-on-the-screen.md');
const isRecording = process.env['SAMSPILL_RECORD_DOCS'] === '1';

const mesh = inject('mesh');
const hub = homeHub(mesh.urls.measurements);
const vault = vaultOperator(mesh.urls['key-vault']);
const keys = httpKeyClient({ url: mesh.urls['key-vault'], clientId: 'emergency-ward' });
const product = measurements.name;
const consumer = 'emergency-ward';
const patients = syntheticPatients({ seed: 'why-not', count: 10 }).values();

const started = new AsyncDisposableStack();
const answers = new Map<string, string>();
let examples: PageExample[];
let line: CommandLine;
let ward: Pool;
let log: EventLog;
beforeAll(async () => {
  examples = await readExamples(page);
  line = await commandLine(mesh);
  started.defer(() => line.remove());
  ward = createPool(await createDatabase(mesh.databaseUrl, 'emergency_ward'), {
    ...{ schema: 'emergency_ward', applicationName: 'e2e' },
  });
  started.defer(() => ward.end());
  log = kafkaEventLog({ brokers: mesh.brokers, clientId: 'e2e' });
  started.defer(() => log.close());
});
afterAll(async () => {
  await started.disposeAsync();
  if (isRecording) await writeExamples(page, answers);
});

/** A patient of the test's own, as the page has it: in a file. */
async function newPatient(): Promise<string> {
  const nationalId = patients.next().value?.nationalId ?? '';
  await line.write('patient.txt', `${nationalId}\n`);
  return nationalId;
}

async function pseudonymOf(nationalId: string): Promise<Pseudonym> {
  const [set] = await keys.pseudonyms([{ system: null, value: nationalId }], 'find');
  if (set?.[0] === undefined) throw new Error('the vault knows the patient');
  return set[0];
}

/** Sends heart rates, of which the last is the one that is missed; answers with its event. */
async function send(nationalId: string, ...ids: readonly string[]): Promise<EventId> {
  const sent = ids.map((id, at) => heartRate({ nationalId, id: `why-${id}`, value: `${60 + at}` }));
  const { body } = await hub.post(bundleOf(sent));
  const etag = body.entry?.at(-1)?.response.etag ?? '';
  expect(body.entry?.map(({ response }) => response.status.slice(0, 3))).toEqual(
    ids.map(() => '201'),
  );
  return etag.slice(3, -1) as EventId;
}

/** Read models in which the event is a row, such as `emergency-ward measurements`. */
async function rowsOf(eventId: EventId): Promise<string[]> {
  const found = await Promise.all(
    (['measurements', 'emergency-ward'] as const).map(async (service) => {
      const answer = await fetch(`${mesh.urls[service]}/operations/events/search`, {
        method: 'POST',
        headers: { 'samspill-client': 'operator', 'content-type': 'application/json' },
        body: JSON.stringify({ eventId }),
      });
      const { readModels } = (await answer.json()) as {
        readModels: { projection: string; rows: unknown[] }[];
      };
      return readModels
        .filter(({ rows }) => rows.length > 0)
        .map(({ projection }) => `${service} ${projection}`);
    }),
  );
  return found.flat();
}
const ledger = 'measurements ledger';
const everywhere = [ledger, 'measurements measurements', 'emergency-ward measurements'];
const isIn = (eventId: EventId, readModels: readonly string[]): Promise<string[]> =>
  until(
    `the event in ${readModels.join(', ')}`,
    60_000,
    () => rowsOf(eventId),
    (found) => found.toSorted().join() === readModels.toSorted().join(),
  );

/** Runs the commands of a section, for this event or call in the place of the one on the page. */
async function sectionSays(section: string, id = ''): Promise<string> {
  const own = examples.filter((one) => one.section === section);
  expect(own.length).toBeGreaterThan(0);
  const run = async (example: PageExample): Promise<string> => {
    const command = example.command.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, id);
    const answered = await line.run(command);
    const isSame = saysTheSame(example.answer, answered);
    // What says the same stays as it is, so that recording again changes what has changed.
    if (!isSame) answers.set(nameOf(example), answered);
    expect(
      isSame || isRecording,
      `the page says of ${command}:\n${example.answer}\nand it answers:\n${answered}`,
    ).toBe(true);
    return answered;
  };
  // What is only asked may be asked at once: a part that is away is waited for.
  const [orders = [], questions = []] = [true, false].map((isOrder) =>
    own.filter(({ command }) => / (requeue|open) /.test(command) === isOrder),
  );
  const said = await Promise.all(questions.map(run));
  for (const order of orders) said.push(await run(order));
  return said.join('\n');
}

const showsIt = (eventId: EventId): Promise<string> =>
  until(
    'the event on the screen',
    60_000,
    () => line.run(`samspill events show ${eventId}`),
    (answer) => answer.includes("On the ward's screen: yes."),
  );

it('not sent', async () => {
  const nationalId = await newPatient();
  expect(await sectionSays('Not sent')).toContain('It was not sent, or it was refused');
  await isIn(await send(nationalId, 'not-sent'), everywhere);
  const known = await line.run('samspill events find --patient @patient.txt --since 0s');
  expect(known).toContain('Nothing of the patient was recorded since');
  expect(known).not.toContain(nationalId);
});

it('refused', async () => {
  const nationalId = await newPatient();
  const sent = heartRate({ nationalId, id: 'why-refused', value: '61', status: 'done' });
  await line.write('bundle.json', bundleOf([sent]));
  const call = (await hub.post(bundleOf([sent]))).headers.get('nhn-event-id') ?? '';
  const said = await sectionSays('Refused', call);
  expect(said).toMatch(/refused \(422, request [0-9a-f-]{36}\)/);
  expect(said).toContain(`No event came of the call ${call}`);
  expect(said).toContain('"place":"Bundle.entry[0].resource.status"');
  expect(said).not.toContain(nationalId);
});

it('parked', async () => {
  const nationalId = await newPatient();
  await isIn(await send(nationalId, 'before'), everywhere);
  const key = await pseudonymOf(nationalId);
  const value = Buffer.from('no event');
  const source = 'urn:samspill:310000019:measurements';
  const id = uuidV8(Buffer.alloc(16, 7));
  await log
    .publisher()
    .publish([{ topic: measurements.topic, key, id, type: 'none', source, value }]);
  const missed = await send(nationalId, 'parked');
  await isIn(missed, [ledger]);
  const said = await sectionSays('Parked', missed);
  expect(said).toMatch(
    /On the ward's screen: no\. The patient is parked since .* RECORD_UNREADABLE/,
  );
  expect(said).toMatch(/To do: .*samspill parked requeue --patient @FILE/);
  expect(said).not.toContain(key);
});

it('withheld', async () => {
  const nationalId = await newPatient();
  const missed = await send(nationalId, 'withheld');
  await isIn(missed, everywhere);
  const pseudonym = await pseudonymOf(nationalId);
  await vault.grant('close', { consumer, product, patient: { pseudonym }, cause: 'order 17' });
  await isIn(missed, [ledger, 'measurements measurements']);
  const said = await sectionSays('Withheld', missed);
  expect(said).toMatch(
    /On the ward's screen: no\. The patient is withheld from emergency-ward since .*order 17/,
  );
  expect(said).not.toContain(pseudonym);
  await showsIt(missed);
});

it('shredded', async () => {
  const nationalId = await newPatient();
  const missed = await send(nationalId, 'shredded');
  await isIn(missed, everywhere);
  const pseudonym = await pseudonymOf(nationalId);
  await vault.shred({ product, patient: { pseudonym }, cause: 'order 17' });
  await isIn(missed, [ledger]);
  const said = await sectionSays('Shredded', missed);
  expect(said).toMatch(/On the ward's screen: no\. The key that sealed it was destroyed/);
  expect(said).toContain('(erased)');
});

it('lagging', async () => {
  const nationalId = await newPatient();
  await isIn(await send(nationalId, 'level'), everywhere);
  // What a switch of versions does for a moment: the ward reads no further than it has.
  await ward.query(
    `UPDATE projection_offset SET stop_at = next_offset, stop_until = now() + interval '10 minutes'`,
  );
  const missed = await send(nationalId, 'one', 'two', 'three');
  await isIn(missed, [ledger, 'measurements measurements']);
  const said = await sectionSays('Lagging', missed);
  expect(said).toMatch(
    /On the ward's screen: no\. emergency-ward has not read it yet: 2 records lie before it/,
  );
  await ward.query('UPDATE projection_offset SET stop_at = NULL, stop_until = NULL');
  await showsIt(missed);
});

it('the broker is down', async () => {
  const nationalId = await newPatient();
  const asDomain = httpKeyClient({ url: mesh.urls['key-vault'], clientId: 'measurements' });
  await asDomain.pseudonyms([{ system: null, value: nationalId }], 'create');
  const sent = bundleOf([heartRate({ nationalId, id: 'why-down', value: '61' })]);
  await line.write('bundle.json', sent);
  await control(mesh.control, 'SIGKILL', 'kafka');
  try {
    const said = await sectionSays('The broker is down');
    expect(said).toContain('or the intake cannot take it in now: see samspill status first');
    expect(said).toContain('without a clear answer (503');
  } finally {
    await control(mesh.control, 'restart', 'kafka');
  }
  // As the page says, the sender sends it again.
  const taken = await until(
    'the measurement taken in',
    60_000,
    () => hub.post(sent),
    ({ body }) => /^20[01]/.test(body.entry?.[0]?.response.status ?? ''),
  );
  await showsIt((taken.body.entry?.[0]?.response.etag ?? '').slice(3, -1) as EventId);
});

it('the page has these sections with commands, and no others', () => {
  expect([...new Set(examples.map(({ section }) => section))]).toEqual([
    'Not sent',
    'Refused',
    'Parked',
    'Withheld',
    'Shredded',
    'Lagging',
    'The broker is down',
  ]);
});
