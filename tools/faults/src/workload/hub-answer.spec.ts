import type { Answer, BatchAnswer } from '@samspill/testing';
import { expect, it } from 'vitest';
import { outcomesOf } from './hub-answer.ts';
import type { HubOperation } from './hub-patient.ts';

const operation = (n: number): HubOperation => ({
  op: `hub/1/${n}`,
  patient: `patient-${n}`,
  n,
  action: 'record',
  measurement: n,
  resource: '{}',
});

const sent = [
  { operation: operation(1), partition: 2 },
  { operation: operation(2), partition: 5 },
];

const answerOf = (statuses: readonly string[], position?: string): Answer<BatchAnswer> => ({
  status: 200,
  headers: new Headers(position === undefined ? {} : { 'samspill-position': position }),
  body: {
    resourceType: 'Bundle',
    entry: statuses.map((status, index) => ({
      response: {
        status,
        ...(status.startsWith('20') && {
          etag: `W/"event-${index + 1}"`,
          location: `Observation/m${index + 1}/_history/event-${index + 1}`,
        }),
      },
    })),
  },
});

it('each operation has the event, the measurement and the position of its own partition', () => {
  const outcomes = outcomesOf(sent, answerOf(['201 Created', '200 OK'], 't.a.v1:5:7, t.a.v1:2:9'));
  expect(outcomes).toEqual([
    {
      ...{ kind: 'ok', op: 'hub/1/1', patient: 'patient-1', n: 1 },
      ...{ eventId: 'event-1', measurementId: 'm1', position: 't.a.v1:2:9' },
    },
    {
      ...{ kind: 'ok', op: 'hub/1/2', patient: 'patient-2', n: 2 },
      ...{ eventId: 'event-2', measurementId: 'm2', position: 't.a.v1:5:7' },
    },
  ]);
});

it.each([
  ['503 Service Unavailable', 'info'],
  ['410 Gone', 'erased'],
  ['422 Unprocessable Content', 'fail'],
  ['409 Conflict', 'fail'],
])('an entry that is answered %s is %s', (status, kind) => {
  const [, second] = outcomesOf(sent, answerOf(['201 Created', status], 't.a.v1:2:9'));
  expect(second).toMatchObject({ kind, op: 'hub/1/2', why: status });
});

it('an acknowledgement without a position is a fault of the intake', () => {
  const [first] = outcomesOf(sent, answerOf(['201 Created', '201 Created']));
  expect(first).toMatchObject({ kind: 'fail', why: '201 Created without position or version' });
});

it('a call that is refused as a whole for now leaves every operation open', () => {
  const refused = {
    status: 503,
    headers: new Headers(),
    body: { resourceType: 'OperationOutcome' },
  };
  expect(outcomesOf(sent, refused).map(({ kind }) => kind)).toEqual(['info', 'info']);
});
