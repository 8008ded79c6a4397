import { describe, expect, it } from 'vitest';
import { patientNumber } from '../support/payloads.ts';
import { runSamspill } from '../support/run-samspill.ts';

const order = (what: string, args: readonly string[], stdin = patientNumber) =>
  runSamspill(
    ['grants', what, '--product', 'measurements.measurement', '--patient', '@-', ...args],
    { stdin, env: { KEY_VAULT_URL: 'http://127.0.0.1:9' } },
  );
const ward = ['--consumer', 'emergency-ward'];

describe.each(['close', 'open'])('samspill grants %s', (what) => {
  it('refuses a consumer that subscribes to nothing, and names those that do', async () => {
    const { exitCode, err } = await order(what, ['--consumer', 'home-hub', '--cause', 'order 17']);
    expect(exitCode).toBe(2);
    expect(err).toContain('emergency-ward');
  });

  it('refuses a cause that names the patient, and a number that is none, repeating neither', async () => {
    const named = await order(what, [...ward, '--cause', `asked by ${patientNumber}`]);
    expect(named.exitCode).toBe(2);
    expect(named.err).toMatch(/^--cause: .*names no person/);
    expect(named.out + named.err).not.toContain(patientNumber);
    const short = await order(what, [...ward, '--cause', 'order 17'], '1583851007');
    expect([short.exitCode, short.err]).toEqual([2, expect.stringMatching(/^--patient: /)]);
    expect(short.err).not.toContain('1583851007');
  });

  it('ends with 3 when the key vault is away, and says that ordering again is safe', async () => {
    const { exitCode, out, err } = await order(what, [...ward, '--cause', 'order 17']);
    expect(exitCode).toBe(3);
    expect(err).toMatch(/the key vault answers; .*twice is as once/);
    expect(out + err).not.toContain(patientNumber);
  });
});
