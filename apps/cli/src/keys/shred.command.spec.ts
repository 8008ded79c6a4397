import { describe, expect, it } from 'vitest';
import { patientNumber } from '../support/payloads.ts';
import { runSamspill } from '../support/run-samspill.ts';

const shred = (args: readonly string[], stdin = patientNumber) =>
  runSamspill(
    ['keys', 'shred', '--product', 'measurements.measurement', '--patient', '@-', ...args],
    { stdin, env: { KEY_VAULT_URL: 'http://127.0.0.1:9' } },
  );

describe('samspill keys shred', () => {
  it('does not shred unasked where no terminal is', async () => {
    const { exitCode, err } = await shred(['--cause', 'order 17']);
    expect(exitCode).toBe(2);
    expect(err).toContain('--yes');
  });

  it('refuses what is no patient, without repeating it', async () => {
    const { exitCode, err } = await shred(['--cause', 'order 17', '--yes'], '1583851007');
    expect(exitCode).toBe(2);
    expect(err).toMatch(/^--patient: .*11 digits/);
    expect(err).not.toContain('1583851007');
  });

  it('refuses a cause that names the patient, since the log keeps it', async () => {
    const { exitCode, out, err } = await shred(['--cause', `asked by ${patientNumber}`, '--yes']);
    expect(exitCode).toBe(2);
    expect(err).toMatch(/^--cause: .*names no person/);
    expect(out + err).not.toContain(patientNumber);
  });

  it('ends with 3 when the key vault is away, and says that shredding again is safe', async () => {
    const { exitCode, out, err } = await shred(['--cause', 'order 17', '--yes']);
    expect(exitCode).toBe(3);
    expect(err).toMatch(/the key vault answers; .*twice is as once/);
    expect(out + err).not.toContain(patientNumber);
  });
});
