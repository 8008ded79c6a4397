import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRunningMesh, syntheticPatients, stopRunningMesh, wardScreen } from '@samspill/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { doingCommands, pathOf } from '../command-tree.ts';
import { doctorSteps } from '../doctor/on-a-mesh.ts';
import { samspill as samspillProgram } from '../program.ts';
import { undocumentedFields } from '../support/documented-fields.ts';
import { runSamspill, type Ran } from '../support/run-samspill.ts';
import { spoilAll } from '../support/spoil-records.ts';
import type { MeshStatus } from '../status/mesh-status.ts';

const ownServers = {
  KAFKA_BROKERS: undefined,
  SCHEMA_REGISTRY_URL: undefined,
  DATABASE_URL: undefined,
  KEY_VAULT_URL: undefined,
  MEASUREMENTS_URL: undefined,
};

let dataDir: string;
/** Holds what it answers as JSON against the page that tells its fields. */
const samspill = async (...args: string[]): Promise<Ran> => {
  const ran = await runSamspill(['--data-dir', dataDir, ...args], { env: ownServers });
  const command = doingCommands(samspillProgram()).find((one) =>
    `samspill ${args.join(' ')} `.startsWith(`${pathOf(one)} `),
  );
  if (args.includes('--json') && ran.out !== '' && command !== undefined) {
    expect(undocumentedFields(pathOf(command), ran.out)).toEqual([]);
  }
  return ran;
};
const simulate = () => samspill('simulate', '--patients', '4', '--days', '2', '--seed', '5');

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'samspill-up-'));
});
afterAll(async () => {
  await stopRunningMesh(dataDir);
  await rm(dataDir, { recursive: true, force: true });
});

describe('the mesh by the command line, one step after the other', () => {
  it('comes up in the background, every part ready', async () => {
    const up = await samspill('up', '--free-ports');
    expect(up, up.err).toMatchObject({ exitCode: 0 });
    const { exitCode, out } = await samspill('status', '--json');
    const { parts } = JSON.parse(out) as MeshStatus;
    expect(exitCode).toBe(0);
    expect(parts.map(({ name, health }) => [name, health]).sort()).toEqual([
      ['emergency-ward', 'ready'],
      ['kafka', 'ready'],
      ['key-vault', 'ready'],
      ['measurements', 'ready'],
      ['postgres', 'ready'],
      ['registry', 'ready'],
    ]);
    expect(out).not.toMatch(/postgres(ql)?:\/\//);
  });

  it('says so when it is up already', async () => {
    expect(await samspill('up')).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('up already') as string,
    });
  });

  it('takes a simulation, and the same again as held', async () => {
    const first = await simulate();
    expect(first, first.err).toMatchObject({ exitCode: 0 });
    expect(first.out).toMatch(/[1-9]\d* accepted, 0 already held, 0 refused, 0 without/);
    const [, count] = /(\d+) accepted/.exec(first.out) ?? [];
    const second = await simulate();
    expect(second.out).toContain(`0 accepted, ${count ?? '?'} already held, 0 refused, 0 without`);
  });

  it('shreds one patient, whose rows go while the others stay', async () => {
    const [shredded, other] = syntheticPatients({ count: 2, seed: 5 });
    if (shredded === undefined || other === undefined) throw new Error('two patients');
    const file = join(dataDir, 'patient.txt');
    await writeFile(file, shredded.nationalId);
    const vitalSignsOf = await vitalSignsReader();
    for (const { nationalId } of [shredded, other]) {
      await expect
        .poll(async () => (await vitalSignsOf(nationalId)).length, { timeout: 30_000 })
        .toBeGreaterThan(0);
    }

    const { exitCode, out, err } = await samspill(
      ...['keys', 'shred', '--product', 'measurements.measurement', '--yes'],
      ...['--patient', `@${file}`, '--cause', 'order 17', '--json'],
    );
    expect(exitCode, err).toBe(0);
    expect(out).not.toContain(shredded.nationalId);
    const receipt = JSON.parse(out) as { shredded: { position: string }[] };
    expect(receipt.shredded).toHaveLength(1);
    const position = receipt.shredded[0]?.position;
    expect(await vitalSignsOf(shredded.nationalId, position)).toEqual([]);
    expect((await vitalSignsOf(other.nationalId, position)).length).toBeGreaterThan(0);
  });

  it('closes one grant of the ward and opens it again: the rows go, and come back', async () => {
    // Neither of those whose keys are destroyed above.
    const [, , closed] = syntheticPatients({ count: 3, seed: 5 });
    if (closed === undefined) throw new Error('a third patient');
    const file = join(dataDir, 'closed-patient.txt');
    await writeFile(file, closed.nationalId);
    const vitalSignsOf = await vitalSignsReader();
    const held = async (): Promise<number> => (await vitalSignsOf(closed.nationalId)).length;
    await expect.poll(held, { timeout: 30_000 }).toBeGreaterThan(0);
    const before = await held();
    const order = (what: string) =>
      samspill(
        ...['grants', what, '--consumer', 'emergency-ward', '--patient', `@${file}`],
        ...['--product', 'measurements.measurement', '--cause', 'order 17'],
      );

    const closing = await order('close');
    expect(closing, closing.err).toMatchObject({ exitCode: 0 });
    expect(closing.out).toMatch(
      /^emergency-ward, measurements\.measurement: closed; GrantClosed at /,
    );
    await expect.poll(held, { timeout: 30_000 }).toBe(0);
    const opening = await order('open');
    expect(opening.out).toContain('opened; GrantOpened at ');
    await expect.poll(held, { timeout: 60_000 }).toBe(before);
    expect((await order('open')).out).toContain('opened');
    expect(closing.out + opening.out).not.toContain(closed.nationalId);
  });

  it('shows how far each read model is behind', async () => {
    const { exitCode, out, err } = await samspill('lag', '--json');
    expect(exitCode, err).toBe(0);
    const services = JSON.parse(out) as { service: string; readModels: { projection: string }[] }[];
    expect(
      services.flatMap(({ service, readModels }) =>
        readModels.map(({ projection }) => `${service} ${projection}`),
      ),
    ).toEqual(['measurements ledger', 'measurements measurements', 'emergency-ward measurements']);
    const { out: table } = await samspill('lag', '--service', 'emergency-ward', '--partitions');
    expect(table).toMatch(/emergency-ward measurements v1 +\S+:\d .*emergency-ward\/\d+/);
  });

  doctorSteps({ dataDir: () => dataDir, samspill });

  it('finds a patient who is parked by number, and reads on for everybody who is', async () => {
    const [, patient] = syntheticPatients({ count: 2, seed: 5 });
    const file = join(dataDir, 'parked.txt');
    await writeFile(file, patient?.nationalId ?? '');
    expect(await samspill('parked', 'list')).toMatchObject({
      exitCode: 0,
      out: 'nobody is parked\n',
    });
    await spoilAll(dataDir);
    const found = async () =>
      JSON.parse((await samspill('parked', 'show', '--patient', `@${file}`, '--json')).out) as {
        service: string;
        code: string;
      }[];
    await expect
      .poll(async () => (await found()).map(({ service, code }) => `${service} ${code}`), {
        timeout: 60_000,
      })
      .toEqual(['measurements RECORD_UNREADABLE', 'emergency-ward RECORD_UNREADABLE']);
    const shown = await samspill('parked', 'show', '--patient', `@${file}`);
    expect(shown.out).toContain('to mend    mend the publisher');
    expect(shown.out).not.toContain(patient?.nationalId);
    const doctor = await samspill('doctor', 'parked');
    expect(doctor).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/warning .*parked in measurements measurements v1/) as string,
    });
    const requeued = await samspill('parked', 'requeue', '--all', '--service', 'emergency-ward');
    expect(requeued).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/^emergency-ward: \d gates? (is|are) catching up/) as string,
    });
    expect(await samspill('parked', 'requeue')).toMatchObject({ exitCode: 2 });
    const accept = ['--projection', 'measurements', '--code', 'RECORD_UNREADABLE'];
    expect(
      await samspill('parked', 'accept', '--service', 'emergency-ward', ...accept),
    ).toMatchObject({ exitCode: 0, out: expect.stringContaining('for 60 minutes') as string });
  });

  it('rebuilds a read model, leads readers to it and back, and drops what they do not see', async () => {
    const ofWard = ['emergency-ward', 'measurements'];
    const switched = await samspill('rebuild', 'start', ...ofWard, '--switch', '--json');
    expect(switched.exitCode, switched.err).toBe(0);
    expect(JSON.parse(switched.out)).toMatchObject({ from: 1, to: 2 });
    const versions = async () => {
      const { out } = await samspill('rebuild', 'status', ...ofWard, '--json');
      return (JSON.parse(out) as { service: string; version: number; state: string }[]).map(
        ({ version, state }) => `${version} ${state}`,
      );
    };
    expect(await versions()).toEqual(['1 former', '2 live']);
    const [, patient] = syntheticPatients({ count: 2, seed: 5 });
    const vitalSignsOf = await vitalSignsReader();
    expect((await vitalSignsOf(patient?.nationalId ?? '')).length).toBeGreaterThan(0);

    expect(await samspill('rebuild', 'roll-back', ...ofWard)).toMatchObject({ exitCode: 0 });
    expect(await versions()).toEqual(['1 live', '2 former']);
    expect(await samspill('rebuild', 'discard', ...ofWard, '1')).toMatchObject({
      exitCode: 1,
      err: expect.stringMatching(/^VERSION_STATE_WRONG: .*version 1, live/) as string,
    });
    expect(await samspill('rebuild', 'discard', ...ofWard, '2')).toMatchObject({ exitCode: 0 });
    expect(await versions()).toEqual(['1 live']);
    expect(await samspill('rebuild', 'switch', ...ofWard)).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('samspill rebuild start emergency-ward measurements') as string,
    });
  });

  it('goes down, though a part of it was killed, and keeps its data for the next time', async () => {
    const mesh = await findRunningMesh(dataDir);
    const ward = mesh?.services.find(({ name }) => name === 'emergency-ward');
    process.kill(ward?.pid ?? 0, 'SIGKILL');
    const { out } = await samspill('doctor', 'leftovers');
    expect(out).toContain(`emergency-ward (process ${ward?.pid ?? 0}) gone, while others run`);
    expect(out).toContain('To mend: samspill down, then samspill up.');
    expect(await samspill('down')).toMatchObject({ exitCode: 0, out: 'the mesh is stopped\n' });
    expect(await samspill('status')).toMatchObject({ exitCode: 3 });
    expect(await samspill('down')).toMatchObject({ exitCode: 0, out: 'nothing ran\n' });

    expect(await samspill('up', '--free-ports')).toMatchObject({ exitCode: 0 });
    expect((await simulate()).out).toMatch(/[1-9]\d* already held/);
    expect(await samspill('down')).toMatchObject({ exitCode: 0 });
  });
});

/** What the ward's overview shows of a patient, once it has seen the position. */
async function vitalSignsReader() {
  const mesh = await findRunningMesh(dataDir);
  const ward = wardScreen(mesh?.urls['emergency-ward'] ?? '');
  return async (nationalId: string, after?: string): Promise<readonly unknown[]> => {
    const { status, body } = await ward.overview<{ vitalSigns: readonly unknown[] }>(
      nationalId,
      after,
    );
    if (status !== 200) throw new Error(`the ward answers ${status}`);
    return body.vitalSigns;
  };
}
