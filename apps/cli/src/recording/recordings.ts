import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleOf, heartRate, syntheticPatients, until } from '@samspill/testing';
import { spoilAll } from '../support/spoil-records.ts';
import type { RecordedMesh, Recording } from './recording.ts';

const seed = 5;
const [patient, shredded] = syntheticPatients({ count: 2, seed });
const measuredUntil = '2026-03-08T12:00:00+01:00';

/**
 * The runs of the page of commands, in this order, one after the other on one mesh. Each command of the program has one at
 * least: {@link file://./page.spec.ts} demands it.
 */
export const recordings: readonly Recording[] = [
  { command: 'samspill up --free-ports' },
  { command: 'samspill status' },
  { command: 'samspill doctor' },
  { command: `samspill simulate --patients 4 --days 2 --seed ${seed} --until ${measuredUntil}` },
  { command: 'samspill check bundle.json', given: writePayloads },
  { command: 'samspill publish bundle.json' },
  { command: 'samspill tail --from {position} --limit 1', given: nameEvent },
  { command: 'samspill tail --from {position} --limit 1 --as emergency-ward', lines: 14 },
  { command: 'samspill tail --from {position} --limit 1 --json' },
  { command: 'samspill lag' },
  { command: 'samspill lag --service emergency-ward --json', lines: 24 },
  { command: 'samspill events find --patient @patient.txt --limit 3' },
  { command: 'samspill events show {event}' },
  {
    command:
      'samspill grants close --consumer emergency-ward --product measurements.measurement --patient @patient.txt --cause "order 2026/17"',
  },
  { command: 'samspill events show {event}', given: isWithheld },
  {
    command:
      'samspill grants open --consumer emergency-ward --product measurements.measurement --patient @patient.txt --cause "order 2026/18"',
  },
  {
    command:
      'samspill keys shred --product measurements.measurement --patient @other-patient.txt --cause "erasure order 2026/19" --yes',
  },
  { command: 'samspill rebuild start emergency-ward measurements', given: allIsApplied },
  { command: 'samspill rebuild status emergency-ward' },
  { command: 'samspill rebuild switch emergency-ward measurements' },
  { command: 'samspill rebuild roll-back emergency-ward measurements' },
  { command: 'samspill rebuild discard emergency-ward measurements 2' },
  { command: 'samspill parked list --service emergency-ward', given: somebodyIsParked },
  { command: 'samspill parked show --patient @patient.txt --service emergency-ward' },
  { command: 'samspill doctor parked lag' },
  {
    command:
      'samspill parked accept --service emergency-ward --projection measurements --code RECORD_UNREADABLE',
  },
  { command: 'samspill parked requeue --all --service emergency-ward' },
  { command: 'samspill schemas check --base HEAD' },
  { command: 'samspill schemas apply' },
  { command: 'samspill completion bash', lines: 4 },
  { command: 'samspill down' },
  { command: 'samspill lag' },
  { command: 'samspill lag --json --wach' },
];

async function writePayloads({ folder }: RecordedMesh): Promise<void> {
  if (patient === undefined || shredded === undefined) throw new Error('two patients');
  const { nationalId } = patient;
  const sent = (id: string, value: string, effective: string): string =>
    heartRate({ nationalId, id, value, effective });
  const entries = [
    sent('hr-1', '61', '2026-03-08T08:30:00+01:00'),
    sent('hr-2', '610000', '2026-03-08T08:40:00+01:00'),
    sent('hr-3', '64', '2026-03-08 08:50'),
  ];
  await writeFile(join(folder, 'bundle.json'), bundleOf(entries));
  await writeFile(join(folder, 'patient.txt'), nationalId);
  await writeFile(join(folder, 'other-patient.txt'), shredded.nationalId);
}

interface LagDocument {
  readonly readModels: readonly {
    readonly gates: Readonly<Record<string, number>>;
    readonly partitions: readonly { readonly records: number | null }[];
  }[];
}

const lagOf = async ({ ask }: RecordedMesh): Promise<readonly LagDocument[]> =>
  (await ask('lag', '--json')) as readonly LagDocument[];

async function allIsApplied(mesh: RecordedMesh): Promise<void> {
  await until(
    'all is applied',
    60_000,
    () => lagOf(mesh),
    (services) =>
      services
        .flatMap(({ readModels }) => readModels)
        .every(
          ({ gates, partitions }) =>
            gates['catching-up'] === 0 && partitions.every(({ records }) => records === 0),
        ),
  );
}

async function nameEvent(mesh: RecordedMesh): Promise<void> {
  await allIsApplied(mesh);
  const { ask, name } = mesh;
  const found = await ask('events', 'find', '--patient', '@patient.txt', '--limit', '1', '--json');
  const { events } = found as { readonly events: readonly { readonly eventId: string }[] };
  const event = events[0]?.eventId ?? '';
  const shown = await ask('events', 'show', event, '--json');
  const { log } = shown as {
    readonly log: { readonly writings: readonly { position: string }[] };
  };
  name('event', event);
  name('position', log.writings[0]?.position ?? '');
}

const gatesOfWard = async (mesh: RecordedMesh, state: string): Promise<number> =>
  (await lagOf(mesh))
    .flatMap(({ readModels }) => readModels)
    .reduce((sum, { gates }) => sum + (gates[state] ?? 0), 0);

async function isWithheld(mesh: RecordedMesh): Promise<void> {
  await until('the grant is closed', 60_000, () => gatesOfWard(mesh, 'withheld'), Boolean);
}

async function somebodyIsParked(mesh: RecordedMesh): Promise<void> {
  await spoilAll(mesh.dataDir);
  await allIsApplied(mesh);
  await until('somebody is parked', 60_000, () => gatesOfWard(mesh, 'parked'), Boolean);
}
