import {
  measurements,
  type CorrectionContent,
  type MeasurementContent,
  type RetractionContent,
} from '@samspill/contracts';
import { PublishOutcomeUnknown } from '@samspill/event-log';
import { SamspillError, type EventId, type Position, type Pseudonym } from '@samspill/kernel';
import { describe, expect, it } from 'vitest';
import { ada, bo, heartRate, openDoor, subject, type AnsweredEntry } from './sample/open-door.ts';

const statuses = (answers: readonly AnsweredEntry[]) =>
  answers.map(({ response }) => response.status.slice(0, 3));
const eventIn = (answers: readonly AnsweredEntry[], at = 0) =>
  answers[at]?.response.location?.split('/').at(-1);

const amended = { status: 'amended' };
const takenBack = { status: 'entered-in-error' };

describe('a resend', () => {
  it('of a bundle three times is one event, and names it each time', async () => {
    const door = openDoor();
    const first = await door.batch([{ resource: heartRate(85) }]);
    const second = await door.batch([{ resource: heartRate(85) }]);
    door.restart();
    const third = await door.batch([{ resource: heartRate(85) }]);
    expect([first, second].map(statuses)).toEqual([['201'], ['200']]);
    expect(new Set([first, second, third].map((answers) => eventIn(answers))).size).toBe(1);
    expect(new Set(door.log.map(({ id }) => id)).size).toBe(1);
  });

  it('after a lost acknowledgement is the same event', async () => {
    const door = openDoor();
    door.failPublish(() => new SamspillError('PUBLISH_OUTCOME_UNKNOWN'));
    expect(statuses(await door.batch([{ resource: heartRate(85) }]))).toEqual(['503']);
    expect(door.untold).toHaveLength(1);
    door.failPublish(undefined);
    const again = await door.batch([{ resource: heartRate(85) }]);
    expect(statuses(again)).toEqual(['201']);
  });
});

describe('an event that is still being sent past its deadline', () => {
  it('keeps its measurement closed until the log has it, so that another subject retracts it', async () => {
    const door = openDoor();
    const late = Promise.withResolvers<readonly Position[]>();
    door.failPublish(() => new PublishOutcomeUnknown(late.promise));
    expect(statuses(await door.batch([{ resource: heartRate(85) }]))).toEqual(['503']);
    door.failPublish(undefined);

    const move = [{ resource: heartRate(85, { subject: subject(bo) }) }];
    await expect(door.batch(move)).rejects.toMatchObject({ code: 'EVENT_LOG_UNAVAILABLE' });
    expect(statuses(await door.batch([{ resource: heartRate(85, {}, 'hr-2') }]))).toEqual(['201']);

    late.resolve([{ topic: measurements.topic, partition: 0, offset: 0 }]);
    await late.promise;
    expect(statuses(await door.batch(move))).toEqual(['200']);
    expect(door.published().slice(1)).toEqual(['MeasurementRetracted', 'MeasurementRecorded']);
  });

  it('opens its measurement again when it was not sent after all', async () => {
    const door = openDoor();
    const late = Promise.withResolvers<readonly Position[]>();
    door.failPublish(() => new PublishOutcomeUnknown(late.promise));
    await door.batch([{ resource: heartRate(85) }]);
    door.failPublish(undefined);
    late.reject(new SamspillError('EVENT_LOG_UNAVAILABLE'));
    await late.promise.catch(() => undefined);
    expect(statuses(await door.batch([{ resource: heartRate(85) }]))).toEqual(['201']);
  });
});

describe('a change', () => {
  it('from 85 to 86 and back to 85 is three events, the last of which holds', async () => {
    const door = openDoor();
    const first = await door.batch([{ resource: heartRate(85) }]);
    const second = await door.batch([{ resource: heartRate(86), method: 'PUT' }]);
    const third = await door.batch([{ resource: heartRate(85, amended) }]);
    expect([first, second, third].map(statuses)).toEqual([['201'], ['200'], ['200']]);
    expect(new Set(door.log.map(({ id }) => id)).size).toBe(3);
    expect(door.published()).toEqual([
      'MeasurementRecorded',
      'MeasurementCorrected',
      'MeasurementCorrected',
    ]);
    expect(eventIn(await door.batch([{ resource: heartRate(85, amended) }]))).toBe(eventIn(third));
  });

  const at = (lastUpdated: string) => ({ meta: { lastUpdated } });
  const nine = heartRate(85, at('2024-03-01T09:00:00Z'));
  const ten = heartRate(86, at('2024-03-01T10:00:00Z'));

  it('back to 85 by PUT needs a source time newer than that of 86', async () => {
    const door = openDoor();
    await door.batch([{ resource: nine }, { resource: ten, method: 'PUT' }]);
    await door.batch([{ resource: nine, method: 'PUT' }]);
    expect(door.log).toHaveLength(2);
    const eleven = heartRate(85, at('2024-03-01T11:00:00Z'));
    await door.batch([{ resource: eleven, method: 'PUT' }]);
    expect(door.log).toHaveLength(3);
  });

  it('is newer when it is newer than the receipt, where the source time is not at hand', async () => {
    const door = openDoor();
    await door.batch([{ resource: nine }, { resource: ten, method: 'PUT' }]);
    door.restart();
    const before = heartRate(85, at('2024-03-01T11:59:00Z'));
    const after = heartRate(85, at('2024-03-01T12:01:00Z'));
    await door.batch([{ resource: before, method: 'PUT' }]);
    expect(door.log).toHaveLength(2);
    await door.batch([{ resource: after, method: 'PUT' }]);
    expect(door.log).toHaveLength(3);
  });

  it('says what it replaces, and which elements changed where the former content is at hand', async () => {
    const door = openDoor();
    await door.batch([{ resource: heartRate(85) }]);
    const [first] = door.log;
    const { resource } = await door.contentOf<MeasurementContent>(first);
    door.ledger.open(first?.id as EventId, { sourceUpdatedAtMs: undefined, resource });
    const note = [{ text: 'after rest' }];
    await door.batch([{ resource: heartRate(86, { note }), method: 'PUT' }]);
    await door.batch([{ resource: heartRate(87), method: 'PUT' }]);
    const [, second, third] = door.log;
    expect(await door.contentOf<CorrectionContent>(second)).toMatchObject({
      replacesEventId: first?.id,
      changedElements: ['Observation.note', 'Observation.valueQuantity'],
      measurement: { value: { text: '86' }, notes: ['after rest'] },
    });
    expect(await door.contentOf<CorrectionContent>(third)).toMatchObject({
      replacesEventId: second?.id,
      changedElements: [],
    });
  });

  it('by plain POST is refused as a duplicate and publishes nothing', async () => {
    const door = openDoor();
    await door.batch([{ resource: heartRate(85) }]);
    const [answer] = await door.batch([{ resource: heartRate(86) }]);
    expect(answer?.response.status).toMatch(/^409/);
    expect(answer?.response.outcome?.issue[0]).toMatchObject({
      code: 'duplicate',
      expression: ['Bundle.entry[0].resource'],
    });
    expect(door.log).toHaveLength(1);
  });

  it('that another instance published is seen before a correction is decided', async () => {
    const door = openDoor();
    await door.batch([{ resource: heartRate(85) }]);
    door.restart();
    const answer = await door.batch([{ resource: heartRate(85), method: 'PUT' }]);
    expect(statuses(answer)).toEqual(['200']);
    expect(door.log).toHaveLength(1);
  });
});

describe('a retraction', () => {
  it('before its original hides the original', async () => {
    const door = openDoor();
    await door.batch([{ resource: heartRate(85, takenBack) }]);
    expect(statuses(await door.batch([{ resource: heartRate(85) }]))).toEqual(['200']);
    expect(door.published()).toEqual(['MeasurementRetracted']);
    expect(await door.contentOf<RetractionContent>(door.log[0])).toMatchObject({
      reason: 'entered-in-error',
      retractsEventId: null,
    });
  });
});

describe('another subject', () => {
  it('there and back in one call waits for each acknowledgement', async () => {
    const door = openDoor();
    const of = (patient: string, value: number) => ({
      resource: heartRate(value, { subject: subject(patient) }),
      method: 'PUT' as const,
    });
    await door.batch([of(ada, 85), of(bo, 86), of(bo, 87), of(ada, 88)]);
    expect(door.published()).toEqual([
      'MeasurementRecorded',
      'MeasurementRetracted',
      'MeasurementRecorded',
      'MeasurementCorrected',
      'MeasurementRetracted',
      'MeasurementRecorded',
    ]);
    expect(door.calls.publish).toBe(3);
  });

  it('retracts under the former patient, acknowledged, then records under the new one', async () => {
    const door = openDoor();
    await door.batch([{ resource: heartRate(85) }]);
    const moved = await door.batch([{ resource: heartRate(85, { subject: subject(bo) }) }]);
    expect(statuses(moved)).toEqual(['200']);
    expect(door.calls.publish).toBe(3);
    expect(door.published().slice(1)).toEqual(['MeasurementRetracted', 'MeasurementRecorded']);
    const [recorded, retracted, again] = door.log;
    expect(retracted?.key).toBe(recorded?.key);
    expect(again?.key).not.toBe(recorded?.key);
    expect(eventIn(moved)).toBe(again?.id);
    expect(await door.contentOf<RetractionContent>(retracted)).toEqual({
      reason: 'wrong-patient',
      retractsEventId: recorded?.id,
      resource: null,
    });
  });

  it('goes on where a move was cut short', async () => {
    const door = openDoor();
    await door.batch([{ resource: heartRate(85) }]);
    const move = [{ resource: heartRate(85, { subject: subject(bo) }) }];
    door.failPublish((call) =>
      call === 3 ? new SamspillError('PUBLISH_OUTCOME_UNKNOWN') : undefined,
    );
    expect(statuses(await door.batch(move))).toEqual(['503']);
    door.restart();
    expect(statuses(await door.batch(move))).toEqual(['200']);
    expect(door.published().slice(1)).toEqual(['MeasurementRetracted', 'MeasurementRecorded']);
  });
});

describe('the index key', () => {
  it('is asked for until it was given, and not again', async () => {
    const door = openDoor();
    door.keys.away(true);
    await expect(door.batch([{ resource: heartRate(85) }])).rejects.toMatchObject({
      code: 'KEY_VAULT_UNAVAILABLE',
    });
    door.keys.away(false);
    expect(statuses(await door.batch([{ resource: heartRate(85) }]))).toEqual(['201']);
    await door.batch([{ resource: heartRate(86, {}, 'hr-2') }]);
    expect(door.calls.indexKey).toBe(2);
  });
});

describe('a bundle', () => {
  it('of 1,000 entries asks vault, ledger and log once each', async () => {
    const door = openDoor();
    const entries = [...Array(1000).keys()].map((at) => ({
      resource: heartRate(60 + (at % 40), {}, `hr-${at}`),
    }));
    const answers = await door.batch(entries);
    expect(new Set(statuses(answers))).toEqual(new Set(['201']));
    expect(door.calls).toEqual({ indexKey: 1, pseudonyms: 1, sealingKeys: 1, publish: 1 });
    expect(door.ledger.asked()).toBe(1);
  });

  it('of 1,000 changes of one measurement asks the log once, and keeps their order', async () => {
    const door = openDoor();
    const entries = Array.from({ length: 1000 }, (_, at) => ({
      resource: heartRate(60 + at, {}, 'hr-1'),
      method: 'PUT' as const,
    }));
    expect(new Set(statuses(await door.batch(entries)).slice(1))).toEqual(new Set(['200']));
    expect(door.calls.publish).toBe(1);
    const last = await door.contentOf<CorrectionContent>(door.log.at(-1));
    expect(last).toMatchObject({ replacesEventId: door.log.at(-2)?.id });
  });

  it('with one key several times is decided in the order of its entries', async () => {
    const door = openDoor();
    const answers = await door.batch([
      { resource: heartRate(85) },
      { resource: heartRate(85) },
      { resource: heartRate(86) },
      { resource: heartRate(86), method: 'PUT' },
    ]);
    expect(statuses(answers)).toEqual(['201', '200', '409', '200']);
    expect(eventIn(answers, 0)).toBe(eventIn(answers, 1));
    expect(door.published()).toEqual(['MeasurementRecorded', 'MeasurementCorrected']);
  });

  it('at the same time as another one on the same key is decided after it', async () => {
    const door = openDoor();
    const [one, other] = await Promise.all([
      door.batch([{ resource: heartRate(85) }]),
      door.batch([{ resource: heartRate(86) }]),
    ]);
    expect([one, other].map(statuses)).toEqual([['201'], ['409']]);
  });

  it('is refused whole while the ledger, the vault or room in the log is missing', async () => {
    const door = openDoor();
    const send = () => door.batch([{ resource: heartRate(85) }]);
    door.ledger.away(true);
    await expect(send()).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    door.ledger.away(false);
    door.keys.away(true);
    await expect(send()).rejects.toMatchObject({ code: 'KEY_VAULT_UNAVAILABLE' });
    door.keys.away(false);
    door.failPublish(() => new SamspillError('EVENT_LOG_OVERLOADED'));
    await expect(send()).rejects.toMatchObject({ code: 'EVENT_LOG_OVERLOADED' });
    expect(door.log).toEqual([]);
    door.failPublish(undefined);
    expect(statuses(await send())).toEqual(['201']);
  });
});

describe('a conditional create', () => {
  it('finds what is held under the identifier, whatever else it says', async () => {
    const door = openDoor();
    const ifNoneExist = 'identifier=urn:oid:2.16.578.1.12.4.99.1|hr-1';
    const first = await door.batch([{ resource: heartRate(85), ifNoneExist }]);
    const second = await door.batch([{ resource: heartRate(99), ifNoneExist }]);
    expect([first, second].map(statuses)).toEqual([['201'], ['200']]);
    expect(eventIn(second)).toBe(eventIn(first));
  });

  it('finds nothing in what was taken back', async () => {
    const door = openDoor();
    const ifNoneExist = 'identifier=urn:oid:2.16.578.1.12.4.99.1|hr-1';
    await door.batch([{ resource: heartRate(85) }, { resource: heartRate(85, takenBack) }]);
    const answer = await door.batch([{ resource: heartRate(99, {}, 'hr-2'), ifNoneExist }]);
    expect(statuses(answer)).toEqual(['201']);
  });
});

describe('erased content', () => {
  it('is refused as deleted, and later care is recorded', async () => {
    const door = openDoor();
    await door.batch([{ resource: heartRate(85) }]);
    for (const { key } of door.log) door.ledger.erase(key as Pseudonym);
    door.restart();
    await door.ledger.caughtUp();
    const [resent] = await door.batch([{ resource: heartRate(85) }]);
    expect(resent?.response.status).toBe('410 Gone');
    expect(resent?.response.outcome?.issue[0]?.code).toBe('deleted');
    expect(statuses(await door.batch([{ resource: heartRate(90) }]))).toEqual(['201']);
  });
});
