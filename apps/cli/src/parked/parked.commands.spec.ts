import { describe, expect, it } from 'vitest';
import { patientNumber } from '../support/payloads.ts';
import { runSamspill } from '../support/run-samspill.ts';

const nobodyAnswers = {
  MEASUREMENTS_URL: 'http://127.0.0.1:9',
  EMERGENCY_WARD_URL: 'http://127.0.0.1:9',
};
const parked = (args: readonly string[], stdin = '') =>
  runSamspill(['parked', ...args], { env: nobodyAnswers, stdin });

describe('samspill parked', () => {
  it('asks whose projection is meant', async () => {
    const { exitCode, err } = await parked(['list', '--projection', 'measurements']);
    expect(exitCode).toBe(2);
    expect(err).toMatch(/^--projection: .*add --service/);
  });

  it('requeues nobody unless it is said who', async () => {
    const { exitCode, err } = await parked(['requeue']);
    expect(exitCode).toBe(2);
    expect(err).toMatch(/--patient, --code or --all/);
  });

  it('refuses what is no patient, without repeating it', async () => {
    const { exitCode, out, err } = await parked(['show', '--patient', '@-'], '1583851007');
    expect(exitCode).toBe(2);
    expect(out + err).not.toContain('1583851007');
  });

  it('ends with 3 where services are away, names each, and repeats no number', async () => {
    const { exitCode, out, err } = await parked(['show', '--patient', '@-'], patientNumber);
    expect(exitCode).toBe(3);
    expect(out).toBe('the patient is not known to be parked\n');
    expect(err).toMatch(
      /^measurements: .*the service answers[^]*^emergency-ward: .*the service answers/m,
    );
    expect(out + err).not.toContain(patientNumber);
  });
});
