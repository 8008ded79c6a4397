import { formatPosition } from '@samspill/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pulse, weight } from './fhir.sample.ts';
import type { Overview } from './overview.ts';
import { startWard, type WardServers } from './ward-servers.sample.ts';

const patient = '15838510075';
const otherPatient = '55838510069';
const at = '2026-01-05T08:00:00+01:00';

let ward: WardServers;

beforeAll(async () => {
  ward = await startWard();
});
afterAll(() => ward.stop());

const asScreen = (more: Record<string, string> = {}) => ({
  'samspill-client': 'ward-screen',
  ...more,
});
const getOverview = (headers: Record<string, string>) =>
  fetch(`${ward.url}/overview`, { headers: asScreen(headers) });
const search = (form: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(`${ward.url}/Observation/_search`, {
    method: 'POST',
    headers: asScreen(headers),
    body: new URLSearchParams(form),
  });
const issuesOf = async (answer: Response) => {
  const { issue } = (await answer.json()) as { issue: { code: string; expression: string[] }[] };
  return issue.map(({ code, expression }) => `${code} ${expression.join()}`);
};

describe('the emergency ward', () => {
  it('shows a measurement from home as soon as the read names its position', async () => {
    const position = await ward.hub.measures(patient, pulse(120, { at }), 'm1');
    const answer = await getOverview({
      'nhn-patient-nin': patient,
      'samspill-after': formatPosition(position),
    });
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({
      vitalSigns: [{ kind: 'heart-rate', value: { text: '120' }, outOfRange: 'high' }],
      unreadable: 0,
    });
    expect(text).not.toContain(patient);
  });

  it('gives a patient whom nobody measured an overview of the same shape', async () => {
    const known = (await (await getOverview({ 'person-id': patient })).json()) as Overview;
    const answer = await getOverview({ 'nhn-patient-nin': otherPatient });
    const unknown = (await answer.json()) as Overview;
    expect(answer.status).toBe(200);
    expect(Object.keys(unknown)).toEqual(Object.keys(known));
    expect(unknown).toMatchObject({ sources: [], vitalSigns: [], news2: null, retracted: [] });
    // A look-up makes no pseudonym.
    expect(await ward.keys.pseudonyms([{ system: null, value: otherPatient }], 'find')).toEqual([
      undefined,
    ]);
  });

  it('tells that it is level with the log once it is', async () => {
    await expect
      .poll(
        async () =>
          ((await (await getOverview({ 'nhn-patient-nin': patient })).json()) as Overview)
            .readModel,
        { timeout: 20_000 },
      )
      .toEqual({ lagRecords: 0, behindSeconds: 0 });
  });

  it('waits for a position no longer than told, then asks to come again', async () => {
    const answer = await getOverview({
      'nhn-patient-nin': patient,
      'samspill-after': 'measurements.measurement.v1:0:999999',
    });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
    expect(await issuesOf(answer)).toEqual(['transient POSITION_NOT_REACHED']);
  });

  it.each([
    ['no patient', {}, 'required parameter patient.identifier'],
    ['a masked number', { 'nhn-patient-nin': '158385*****' }, 'value header nhn-patient-nin'],
    [
      'two patients',
      { 'nhn-patient-nin': patient, 'person-id': otherPatient },
      'value header nhn-patient-nin',
    ],
    [
      'a malformed position',
      { 'nhn-patient-nin': patient, 'samspill-after': 'here' },
      'value header Samspill-After',
    ],
  ])('refuses %s and says where', async (_, headers: Record<string, string>, issue) => {
    const answer = await getOverview(headers);
    expect(answer.status).toBe(400);
    expect(await issuesOf(answer)).toEqual([issue]);
  });

  it('lets in nobody without the scope', async () => {
    const asHub = { 'samspill-client': 'home-hub', 'nhn-patient-nin': patient };
    expect((await fetch(`${ward.url}/overview`, { headers: asHub })).status).toBe(403);
    expect((await fetch(`${ward.url}/overview`)).status).toBe(401);
    const form = { method: 'POST', headers: asHub, body: new URLSearchParams() };
    expect((await fetch(`${ward.url}/Observation/_search`, form)).status).toBe(403);
  });

  it('finds measurements by FHIR search, as received, page by page', async () => {
    await ward.hub.measures(patient, weight(70, 'kg', { at: '2026-01-04T08:00:00+01:00' }), 'w1');
    const position = await ward.hub.measures(patient, weight(71, 'kg', { at }), 'w2');
    const form = { 'patient.identifier': patient, code: 'http://loinc.org|29463-7', _count: '1' };
    const first = await search(form, { 'samspill-after': formatPosition(position) });
    expect([
      first.status,
      first.headers.get('content-type'),
      first.headers.get('cache-control'),
    ]).toEqual([200, 'application/fhir+json; charset=utf-8', 'no-store']);
    const bundle = (await first.json()) as Searchset;
    expect(bundle).toMatchObject({
      resourceType: 'Bundle',
      type: 'searchset',
      entry: [{ resource: { id: 'w2', valueQuantity: { value: 71 } }, search: { mode: 'match' } }],
    });
    const next = bundle.link.find(({ relation }) => relation === 'next')?.url ?? '';
    expect(JSON.stringify(bundle.link)).not.toContain(patient);

    const init = { method: 'POST', headers: asScreen(), body: new URLSearchParams(form) };
    const last = (await (await fetch(next, init)).json()) as Searchset;
    expect(last.entry?.map(({ resource }) => resource.id)).toEqual(['w1']);
    expect(last.link.map(({ relation }) => relation)).toEqual(['self']);
  });

  it('refuses searches that it does not take, and says why', async () => {
    const unknown = await search({ 'patient.identifier': patient, status: 'final', date: 'x' });
    expect(unknown.status).toBe(400);
    expect(await issuesOf(unknown)).toEqual([
      'not-supported parameter status',
      'value parameter date',
    ]);
    const two = await search(
      { 'patient.identifier': patient },
      { 'nhn-patient-nin': otherPatient },
    );
    expect(two.status).toBe(400);
    const json = await fetch(`${ward.url}/Observation/_search`, {
      method: 'POST',
      headers: asScreen({ 'content-type': 'application/json' }),
      body: '{}',
    });
    expect(json.status).toBe(415);
    const get = await fetch(`${ward.url}/Observation`, { headers: asScreen() });
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
    const inUrl = await fetch(`${ward.url}/Observation?patient.identifier=${patient}`, {
      headers: asScreen(),
    });
    expect(inUrl.status).toBe(400);
  });

  it('tells anybody what it offers, as its refusals promise', async () => {
    const refusal = await (await fetch(`${ward.url}/nothing`, { headers: asScreen() })).text();
    expect(refusal).toContain('GET /metadata');
    const answer = await fetch(`${ward.url}/metadata`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'application/fhir+json; charset=utf-8',
    ]);
    expect(await answer.json()).toMatchObject({
      resourceType: 'CapabilityStatement',
      software: { name: 'samspill-emergency-ward' },
      rest: [{ resource: [{ interaction: [{ code: 'search-type' }] }] }],
    });
  });

  it('says so while the key vault is away, and answers again when it is back', async () => {
    ward.keys.away(true);
    const away = await getOverview({ 'nhn-patient-nin': patient });
    ward.keys.away(false);
    expect([away.status, away.headers.get('retry-after')]).toEqual([503, '2']);
    expect((await getOverview({ 'nhn-patient-nin': patient })).status).toBe(200);
  });

  it('counts records and lag in its metrics, and names no patient there', async () => {
    const metrics = await (await fetch(`${ward.url}/metrics`)).text();
    expect(metrics).toMatch(/materialiser_records_total\{.*outcome="applied".*\} [1-9]/);
    expect(metrics).toMatch(/materialiser_openings_total\{.*outcome="opened".*\} [1-9]/);
    expect(metrics).not.toContain(patient);
  });
});

interface Searchset {
  readonly link: readonly { readonly relation: string; readonly url: string }[];
  readonly entry?: readonly { readonly resource: { readonly id: string } }[];
}
