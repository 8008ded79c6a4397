import {
  bundleOf,
  heartRate,
  homeHub,
  positionOf,
  syntheticPatients,
  wardScreen,
} from '@samspill/testing';
import { beforeAll, expect, inject, it } from 'vitest';
import { findLeaks, type Written } from './leak-search.ts';
import { everythingWritten } from './written.ts';

const mesh = inject('mesh');
const nationalIds = syntheticPatients({ seed: 'leaks', count: 5 }).map(
  ({ nationalId }) => nationalId,
);
const planted = 'rognebærgelé-som-bare-står-i-det-forseglede';

let written: Written[];

beforeAll(async () => {
  const hub = homeHub(mesh.urls.measurements);
  const ward = wardScreen(mesh.urls['emergency-ward']);
  const [first = '', second = ''] = nationalIds;
  const sent = await hub.post(
    bundleOf(
      nationalIds.map((nationalId, n) =>
        heartRate({ nationalId, id: `leak-${n}`, value: '80', note: planted }),
      ),
    ),
    { 'nhn-source-system': 'Hjemme 4.2' },
  );
  expect(sent.status).toBe(200);
  for (const nationalId of nationalIds) await ward.overview(nationalId, positionOf(sent));
  // Whatever goes wrong must not write a number down either.
  await hub.post(bundleOf([heartRate({ nationalId: first, id: 'leak-0', value: '81' })], 'POST'));
  await hub.post(bundleOf([heartRate({ nationalId: second, id: 'leak-0', value: '81' })], 'PUT'));
  await hub.post(bundleOf([heartRate({ nationalId: first, id: first, value: 'broken' })]));
  await hub.post(`{"resourceType":"Bundle","entry":"${first}"`);
  await hub.post(bundleOf([]), { 'nhn-event-id': `trace ${first}` });
  await hub.post(bundleOf([]), { 'nhn-patient-nin': first, 'person-id': second });
  await ward.overview(`${first}0`);
  await fetch(`${mesh.urls['emergency-ward']}/overview?patient=${first}`, {
    headers: { 'samspill-client': 'ward-screen' },
  });
  await fetch(`${mesh.urls.measurements}/Observation/${second}`, {
    headers: { 'samspill-client': 'home-hub' },
  });
  written = await everythingWritten(mesh);
});

it('the search covers topics, tables, logs, metrics and traces', () => {
  const places = written.map(({ place }) => place).join('\n');
  expect(places).toMatch(/kafka.*measurements\.measurement.*\.log/);
  expect(places).toMatch(/logs\/measurements\.log/);
  expect(places).toMatch(/logs\/emergency-ward\.log/);
  expect(places).toMatch(/\/metrics/);
  const traces = written.find(({ place }) => place === `${mesh.spans}/sent`);
  expect(traces?.bytes.toString()).toContain('"http.route"');
  expect(places).toMatch(/key_vault\.pseudonym/);
  expect(places).toMatch(/emergency_ward\.measurement_v1/);
  const logs = written.filter(({ place }) => place.startsWith('logs/'));
  expect(logs.every(({ bytes }) => bytes.length > 0)).toBe(true);
});

it('no national id stands in any of it, plain, encoded or plainly hashed', () => {
  expect(findLeaks(nationalIds, written)).toEqual([]);
});

it('nothing of what is sealed stands in a topic, a log or a metric', () => {
  const beyondTables = written.filter(({ place }) => !place.startsWith('/'));
  expect(findLeaks([planted], beyondTables)).toEqual([]);
});

it('a leak planted among it is found', () => {
  const [first = ''] = nationalIds;
  const leaky = { place: 'logs/leaky.log', bytes: Buffer.from(`{"patient":"${first}"}`) };
  expect(findLeaks(nationalIds, [...written, leaky])).toEqual([
    { place: leaky.place, form: 'plain' },
  ]);
});
