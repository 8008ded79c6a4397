import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { toldRefusals } from './refused-entries.ts';
import {
  ada,
  batchOf,
  heartRate,
  openDoor,
  type AnsweredEntry,
  type BatchEntry,
} from './sample/open-door.ts';

const entriesOf = ({ body }: { body: object }) => (body as { entry: AnsweredEntry[] }).entry;

describe('the answer to a Bundle', () => {
  it('is a batch-response with one entry for each that was sent, in that order', async () => {
    const door = openDoor();
    const answer = await door.post({
      resourceType: 'Bundle',
      type: 'collection',
      entry: [
        { fullUrl: 'https://hub.example/1', resource: heartRate(85) },
        { resource: { resourceType: 'Patient' } },
        { fullUrl: 'odd', resource: heartRate(85, { code: undefined }) },
      ],
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ resourceType: 'Bundle', type: 'batch-response' });
    const entries = entriesOf(answer);
    expect(entries.map(({ fullUrl }) => fullUrl)).toEqual([
      'https://hub.example/1',
      'urn:samspill:entry:1',
      'odd',
    ]);
    expect(entries.map(({ response }) => response.status)).toEqual([
      '201 Created',
      '200 OK',
      '422 Unprocessable Content',
    ]);
    expect(entries[1]?.response.outcome?.issue[0]).toMatchObject({ code: 'informational' });
    expect(entries[2]?.response.outcome?.issue.at(-1)).toMatchObject({
      expression: ['Bundle.entry[2].resource.code'],
    });
  });

  it('leaves room for other calls while its entries are read', async () => {
    const many = Array.from({ length: 500 }, (_, at) => ({
      resource: heartRate(at, {}, `m${at}`),
    }));
    const call = { isAnswered: false };
    const answer = openDoor()
      .post(batchOf(many))
      .finally(() => (call.isAnswered = true));
    let turns = 0;
    while (!call.isAnswered) {
      await setImmediate();
      turns += 1;
    }
    expect(turns).toBeGreaterThanOrEqual(20);
    expect(entriesOf(await answer)).toHaveLength(500);
  });

  it('ties each entry to its input twice, and names what is held', async () => {
    const [entry] = entriesOf(await openDoor().post(batchOf([{ resource: heartRate(85) }])));
    const { location = '', etag, lastModified, extension } = entry?.response ?? {};
    const [, eventId] =
      /^Observation\/[0-9a-f-]{36}\/_history\/([0-9a-f-]{36})$/.exec(location) ?? [];
    expect(eventId).toBeDefined();
    expect(etag).toBe(`W/"${eventId}"`);
    expect(lastModified).toBe('2024-03-01T12:00:00.000Z');
    expect(extension).toEqual([
      {
        url: 'http://hl7.no/fhir/vkpobservation/StructureDefinition/PmdBundleResponseEntryIdExtension',
        valueUri: 'urn:samspill:entry:0',
      },
      { url: 'urn:samspill:entry-outcome', valueCode: 'recorded' },
      {
        url: 'urn:samspill:entry-position',
        valueString: expect.stringMatching(/^measurements\.measurement\.v1:\d:0$/) as string,
      },
    ]);
  });

  it('tells a change from what was held already, though both are 200', async () => {
    const door = openDoor();
    const outcomeOf = async (value: number, status: string) => {
      const entry = { resource: heartRate(value, { status }) };
      const [answer] = entriesOf(await door.post(batchOf([entry])));
      return answer?.response.extension.flatMap(({ valueCode }) => valueCode ?? []);
    };
    expect(await outcomeOf(85, 'final')).toEqual(['recorded']);
    expect(await outcomeOf(86, 'corrected')).toEqual(['changed']);
    expect(await outcomeOf(86, 'corrected')).toEqual(['held']);
  });

  it('carries one position a partition: that of the last event there', async () => {
    const door = openDoor();
    const entries = [1, 2, 3].map((at) => ({ resource: heartRate(85, {}, `hr-${at}`) }));
    const answer = await door.post(batchOf(entries));
    const last = door.log.at(-1);
    expect(answer.headers).toEqual({
      'samspill-position': `${last?.topic}:${last?.partition}:${last?.offset}`,
    });
    const again = await door.post(batchOf(entries));
    expect(again.headers).toEqual(answer.headers);
  });

  it('is 200 also where every entry failed', async () => {
    const answer = await openDoor().post(batchOf([{ resource: { resourceType: 'Device' } }]));
    expect(answer).toMatchObject({ status: 200, headers: {} });
  });
});

describe('a body that is refused whole', () => {
  it.each([
    ['XML', '<Bundle/>', 'application/fhir+xml', 415, 'not-supported'],
    ['no content type', '{}', '', 415, 'not-supported'],
    ['malformed JSON', '{"a":', 'application/json; charset=utf-8', 400, 'structure'],
    ['an Observation', JSON.stringify(heartRate(85)), 'application/fhir+json', 400, 'value'],
  ])('%s is answered by an OperationOutcome', async (_, body, contentType, status, code) => {
    const answer = await openDoor().post(Buffer.from(body), { contentType });
    expect(answer).toMatchObject({
      status,
      body: { resourceType: 'OperationOutcome', issue: [{ code }] },
    });
  });
});

describe('an Accept header', () => {
  it.each([
    ['application/fhir+xml', 406],
    ['text/html, */*;q=0.8', 200],
    ['application/fhir+json', 200],
  ])('%s is answered by %i', async (accept, status) => {
    const answer = await openDoor().post(batchOf([{ resource: heartRate(85) }]), { accept });
    expect(answer.status).toBe(status);
  });
});

describe('the answer to an Observation', () => {
  it('is 201 with its version, then 200 with the same', async () => {
    const door = openDoor();
    const first = await door.postObservation(heartRate(85));
    const second = await door.postObservation(heartRate(85));
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(first.headers).toMatchObject({
      location: expect.stringMatching(/^Observation\/.+\/_history\/.+$/) as string,
      etag: expect.stringMatching(/^W\//) as string,
      'last-modified': 'Fri, 01 Mar 2024 12:00:00 GMT',
    });
    expect(second.headers).toEqual(first.headers);
  });

  it('is 422 with all issues, and never repeats the patient', async () => {
    const answer = await openDoor().postObservation(
      heartRate(85, { status: ada, code: undefined }),
    );
    expect(answer.status).toBe(422);
    expect(JSON.stringify(answer.body)).not.toContain(ada);
    expect((answer.body as { issue: unknown[] }).issue).toHaveLength(2);
  });
});

describe('what was refused is told by the id of the call', () => {
  it('with places and rules, and nothing that was sent', async () => {
    const door = openDoor();
    const good = { resource: heartRate(85) };
    await door.post(batchOf([good, { resource: heartRate(85, { status: ada }, 'hr-2') }]));
    await door.postObservation(heartRate(85, { code: undefined }));
    await door.post(Buffer.from('{'));
    const told = door.refused.map(([{ correlationId }, refused]) => ({
      correlationId,
      ...toldRefusals(refused),
    }));
    expect(told).toMatchObject([
      {
        correlationId: 'a-call',
        refused: 1,
        entries: [
          {
            entry: 1,
            status: 422,
            problems: [{ code: 'value', place: 'Bundle.entry[1].resource.status' }],
          },
        ],
      },
      { refused: 1, entries: [{ status: 422, problems: [{ place: 'Observation.code' }] }] },
      { refused: 1, entries: [{ status: 400, problems: [{ code: 'structure' }] }] },
    ]);
    expect(JSON.stringify(told)).not.toContain(ada);
  });

  it('also where it is held under other content, and not where all was taken in or ignored', async () => {
    const door = openDoor();
    await door.post(
      batchOf([{ resource: heartRate(85) }, { resource: { resourceType: 'Patient' } }]),
    );
    expect(door.refused).toEqual([]);
    await door.post(batchOf([{ resource: heartRate(86) }]));
    expect(door.refused).toMatchObject([[{}, [{ entry: 0, status: 409 }]]]);
  });

  it('of many, the first ones are named and all are counted', async () => {
    const door = openDoor();
    await door.post(batchOf(Array<BatchEntry>(100).fill({ resource: {} })));
    const { refused: count, entries } = toldRefusals(door.refused[0]?.[1] ?? []);
    expect([count, entries.length]).toEqual([100, 20]);
  });
});
