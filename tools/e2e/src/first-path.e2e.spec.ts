import {
  bundleOf,
  heartRate,
  homeHub,
  positionOf,
  syntheticPatients,
  wardScreen,
} from '@samspill/testing';
import { beforeEach, describe, expect, inject, it } from 'vitest';

interface Overview {
  readonly vitalSigns: readonly {
    readonly kind: string;
    readonly value: { readonly text: string; readonly unit: string } | null;
    readonly versions: number;
    readonly outOfRange: string;
    readonly preliminary: boolean;
    readonly measured: { readonly sent: string };
  }[];
  readonly retracted: readonly { readonly reason: string }[];
}

const { urls } = inject('mesh');
const hub = homeHub(urls.measurements);
const ward = wardScreen(urls['emergency-ward']);
// Each test has a patient of its own, so that none sees another's rows.
const patients = syntheticPatients({ seed: 7, count: 40 }).values();
const nextPatient = (): string => patients.next().value?.nationalId ?? '';

let nationalId: string;
beforeEach(() => {
  nationalId = nextPatient();
});

async function post(bundle: string): Promise<{ statuses: string[]; position: string | undefined }> {
  const answer = await hub.post(bundle);
  expect(answer.status).toBe(200);
  const statuses = (answer.body.entry ?? []).map(({ response }) => response.status.slice(0, 3));
  return { statuses, position: answer.headers.get('samspill-position') ?? undefined };
}

const see = async (after?: string): Promise<Overview> => {
  const answer = await ward.overview<Overview>(nationalId, after);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  return answer.body;
};

describe('a measurement taken at home', () => {
  it('is on the ward screen with every decimal that was sent', async () => {
    const sent = heartRate({
      nationalId,
      id: 'decimals',
      value: '85.0000000001',
      range: ['50', '100'],
    });
    const { statuses, position } = await post(bundleOf([sent]));
    expect(statuses).toEqual(['201']);
    const { vitalSigns } = await see(position);
    expect(vitalSigns).toMatchObject([
      {
        kind: 'heart-rate',
        value: { text: '85.0000000001', unit: '/min' },
        versions: 1,
        outOfRange: 'inside',
      },
    ]);
  });

  it('posted three times is one row, and each answer names the same version', async () => {
    const bundle = bundleOf([heartRate({ nationalId, id: 'thrice', value: '70' })]);
    const answers = [await hub.post(bundle), await hub.post(bundle), await hub.post(bundle)];
    const responses = answers.map(({ body }) => body.entry?.[0]?.response);
    expect(responses.map((response) => response?.status.slice(0, 3))).toEqual([
      '201',
      '200',
      '200',
    ]);
    expect(new Set(responses.map((response) => response?.location)).size).toBe(1);
    const last = answers[2];
    if (last === undefined) throw new Error('no third answer');
    expect((await see(positionOf(last))).vitalSigns).toMatchObject([{ versions: 1 }]);
  });

  it('posted three times at once is one row too', async () => {
    const bundle = bundleOf([heartRate({ nationalId, id: 'at-once', value: '71' })]);
    const answers = await Promise.all([hub.post(bundle), hub.post(bundle), hub.post(bundle)]);
    const last = answers.map(positionOf).join(', ');
    expect((await see(last)).vitalSigns).toMatchObject([{ versions: 1, value: { text: '71' } }]);
  });

  it('85, then 86, then 85 again shows 85 with three versions', async () => {
    const version = (value: string, status: string): string =>
      bundleOf([heartRate({ nationalId, id: 'there-and-back', value, status })]);
    expect((await post(version('85', 'final'))).statuses).toEqual(['201']);
    expect((await post(version('86', 'corrected'))).statuses).toEqual(['200']);
    const { statuses, position } = await post(version('85', 'corrected'));
    expect(statuses).toEqual(['200']);
    expect((await see(position)).vitalSigns).toMatchObject([
      { value: { text: '85' }, versions: 3 },
    ]);
  });

  it('is replaced by a PUT, and refused with 409 as a plain POST of other content', async () => {
    await post(bundleOf([heartRate({ nationalId, id: 'put', value: '60' })]));
    const other = heartRate({ nationalId, id: 'put', value: '61' });
    expect((await post(bundleOf([other], 'POST'))).statuses).toEqual(['409']);
    const { statuses, position } = await post(bundleOf([other], 'PUT'));
    expect(statuses).toEqual(['200']);
    expect((await see(position)).vitalSigns).toMatchObject([
      { value: { text: '61' }, versions: 2 },
    ]);
  });

  it('is hidden once it is retracted, and the screen says so', async () => {
    await post(bundleOf([heartRate({ nationalId, id: 'mistake', value: '190' })]));
    const retraction = heartRate({
      nationalId,
      id: 'mistake',
      value: '190',
      status: 'entered-in-error',
    });
    const { position } = await post(bundleOf([retraction]));
    const overview = await see(position);
    expect(overview.vitalSigns).toEqual([]);
    expect(overview.retracted).toMatchObject([{ reason: 'entered-in-error' }]);
  });

  it('stays hidden when its retraction came first', async () => {
    const sent = { nationalId, id: 'late-original', value: '66' };
    await post(bundleOf([heartRate({ ...sent, status: 'entered-in-error' })]));
    const { statuses, position } = await post(bundleOf([heartRate(sent)]));
    expect(statuses).toEqual(['200']);
    expect((await see(position)).vitalSigns).toEqual([]);
  });

  it('that was another patient’s leaves the first and is shown for the second', async () => {
    const first = nationalId;
    const second = nextPatient();
    await post(bundleOf([heartRate({ nationalId: first, id: 'moved', value: '77' })]));
    const { statuses, position } = await post(
      bundleOf([heartRate({ nationalId: second, id: 'moved', value: '77' })]),
    );
    expect(statuses).toEqual(['200']);
    const left = await see(position);
    expect(left.vitalSigns).toEqual([]);
    expect(left.retracted).toMatchObject([{ reason: 'wrong-patient' }]);
    nationalId = second;
    expect((await see(position)).vitalSigns).toMatchObject([{ value: { text: '77' } }]);
  });
});

describe('bad input', () => {
  const issuesOf = async (body: string, headers: Record<string, string> = {}) => {
    const answer = await hub.post(body, headers);
    const [issue] = answer.body.issue ?? [];
    expect(answer.body.resourceType).toBe('OperationOutcome');
    expect(issue?.details?.text, 'the rule').toBeTruthy();
    expect(issue?.diagnostics, 'the mend').toBeTruthy();
    return { status: answer.status, code: issue?.code };
  };

  it.each([
    ['malformed JSON', '{"resourceType":', {}, 400, 'structure'],
    ['no FHIR resource', '[]', {}, 400, 'structure'],
    ['JSON 10,000 deep', '['.repeat(10_000) + ']'.repeat(10_000), {}, 400, undefined],
    [
      'a Bundle of type document',
      '{"resourceType":"Bundle","type":"document","entry":[]}',
      {},
      400,
      'value',
    ],
    ['XML', '<Bundle/>', { 'content-type': 'application/fhir+xml' }, 415, undefined],
    ['a body over 5 MiB', `{"x":"${'x'.repeat(5 * 1024 * 1024)}"}`, {}, 413, 'too-long'],
    [
      'a Bundle over 1,000 entries',
      bundleOf(Array.from({ length: 1_001 }, () => '{"resourceType":"Observation"}')),
      {},
      413,
      'too-long',
    ],
  ])('%s is refused as a whole', async (_, body, headers, status, code) => {
    const refused = await issuesOf(body, headers);
    expect(refused.status).toBe(status);
    if (code !== undefined) expect(refused.code).toBe(code);
  });

  it('in one entry leaves the valid entries of a batch alone, and names place, rule and mend', async () => {
    const answer = await hub.post(
      bundleOf([
        heartRate({ nationalId, id: 'good', value: '64' }),
        heartRate({ nationalId: '15838510a75', id: 'bad-number', value: '64' }),
        heartRate({ nationalId, id: 'no-zone', value: '64', effective: '2026-03-01T08:00:00' }),
        '{"resourceType":"DiagnosticReport"}',
      ]),
    );
    const entries = answer.body.entry ?? [];
    expect(entries.map(({ response }) => response.status.slice(0, 3))).toEqual([
      '201',
      '422',
      '422',
      '422',
    ]);
    for (const { response } of entries.slice(1)) {
      const issue = response.outcome?.issue[0];
      expect(issue?.expression?.[0], 'the place').toBeTruthy();
      expect(issue?.details?.text, 'the rule').toBeTruthy();
      expect(issue?.diagnostics, 'the mend').toBeTruthy();
      expect(JSON.stringify(response)).not.toMatch(/\d{11}/);
    }
    expect((await see(positionOf(answer))).vitalSigns).toMatchObject([{ value: { text: '64' } }]);
  });

  it('is never answered with a stack', async () => {
    const answer = await hub.post('\u0000\u0001');
    expect(JSON.stringify(answer.body)).not.toMatch(/\bat .*\.ts/);
    expect(answer.status).toBe(400);
  });
});
