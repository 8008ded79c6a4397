import { measurements, type EventType } from '@samspill/contracts';
import type { OutgoingEvent } from '@samspill/event-log';
import { newPseudonym } from '@samspill/kernel';
import { describe, expect, it } from 'vitest';
import { rejected, type Decoded } from './decode-batch.ts';
import { openGate, type Gate } from './gate.ts';
import { foldPatientState } from './patient-state.ts';
import { grantClosed, grantOpened, keyShredded, wire } from './sample/events.ts';

const anna = newPseudonym();
await wire.learn(
  [grantOpened(anna), grantClosed(anna), keyShredded(anna, 1)].map(({ value }) => value),
);

const decoded = (event: OutgoingEvent, offset: number): Decoded => {
  const { value, ...rest } = event;
  const { event: type, value: clear } = wire.read(value) as { event: EventType; value: unknown };
  const record = { ...rest, value, partition: 0, offset, timestampMs: 0 };
  return { kind: 'event', record, patient: event.key, id: event.id, type, clear, keyVersion: 0 };
};

const following = { consumer: 'ward', product: measurements.name, opens: true };
const none = new Map<typeof anna, Gate>();
const fold = (events: readonly OutgoingEvent[], gates = none, opens = true) =>
  foldPatientState(events.map(decoded), { ...following, opens }, gates);
const gateAfter = (events: readonly OutgoingEvent[], state: Gate['state'] = 'open') =>
  fold(events, new Map([[anna, { ...openGate, state }]])).gates.get(anna)?.state;

describe('the gate of a patient', () => {
  it.each<[Gate['state'], Gate['state'], Gate['state']]>([
    ['open', 'open', 'withheld'],
    ['withheld', 'catching-up', 'withheld'],
    ['parked', 'parked', 'withheld'],
    ['catching-up', 'catching-up', 'withheld'],
  ])('that is %s becomes %s by an opened grant and %s by a closed one', (state, opened, closed) => {
    expect(gateAfter([grantOpened(anna)], state)).toBe(opened);
    expect(gateAfter([grantClosed(anna)], state)).toBe(closed);
  });

  it('follows the order of the log: what was said last holds, and rows that went are gone', () => {
    expect(gateAfter([grantOpened(anna), grantClosed(anna)])).toBe('withheld');
    const change = fold([grantClosed(anna), grantOpened(anna)]);
    expect(change.gates.get(anna)?.state).toBe('catching-up');
    expect([...change.retracted]).toEqual([anna]);
    expect([...change.evicted]).toEqual([anna]);
  });

  it('opens at once where nothing of the product has been read yet', () => {
    const events = [grantClosed(anna), grantOpened(anna)].map(decoded);
    const change = foldPatientState(events, following, none, true);
    expect(change.gates.get(anna)?.state).toBe('open');
  });

  it('remembers the newest grant, against older answers of the vault', () => {
    const change = fold([grantOpened(anna), grantOpened(anna)]);
    expect(change.gates.get(anna)?.state).toBe('open');
    expect(change.gates.get(anna)?.position).toMatch(/:0:1$/);
  });

  it('parks the patient of a record that cannot be read, since it may have been an order to stop', () => {
    const record = { topic: 't', partition: 0, offset: 4 };
    const change = foldPatientState([rejected(record, anna, 'RECORD_UNREADABLE')], following, none);
    expect(change.gates.get(anna)).toMatchObject({ state: 'parked', reason: 'RECORD_UNREADABLE' });
    expect(change.counts).toEqual(new Map([['rejected', 1]]));
  });
});

describe('destroyed keys', () => {
  it('are kept by their highest version, and their cached keys are evicted', () => {
    const change = fold([keyShredded(anna, 2), keyShredded(anna, 5), keyShredded(anna, 3)]);
    expect(change.shredded.get(anna)?.keyVersion).toBe(5);
    expect([...change.evicted]).toEqual([anna]);
    expect(change.gates.size).toBe(0);
  });

  it('are all that a projection without keys follows', () => {
    const change = fold([grantClosed(anna), grantOpened(anna), keyShredded(anna, 1)], none, false);
    expect([change.gates.size, change.retracted.size, change.shredded.size]).toEqual([0, 0, 1]);
  });
});
