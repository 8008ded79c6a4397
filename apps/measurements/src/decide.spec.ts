import { createHash } from 'node:crypto';
import { uuidV8, type Pseudonym } from '@samspill/kernel';
import type { Intent } from '@samspill/fhir';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decide,
  hangsOnSourceTime,
  type HeldVersion,
  type MeasurementCommand,
  type MeasurementFact,
} from './decide.ts';

const ada = 'ada' as Pseudonym;
const bo = 'bo' as Pseudonym;

const eventId = (name: string) => uuidV8(createHash('sha256').update(name).digest());

let recordedAtMs = 1_000;
const held = (contentMark: string, changes: Partial<HeldVersion> = {}): HeldVersion => ({
  eventId: eventId(`${contentMark} ${(recordedAtMs += 1_000)}`),
  measurementId: 'm',
  patient: ada,
  contentMark,
  retracted: false,
  recordedAtMs,
  position: undefined,
  erased: false,
  ...changes,
});

const send = (
  contentMark: string,
  changes: Partial<MeasurementCommand> = {},
): MeasurementCommand => ({
  intent: 'record',
  marked: false,
  patients: [ada],
  contentMark,
  sourceUpdatedAtMs: undefined,
  found: undefined,
  ...changes,
});
const put = { intent: 'correct' } as const;
const amended = { intent: 'correct', marked: true } as const;
const retract = { intent: 'retract' } as const;
const gone = { retracted: true };

type Given = readonly HeldVersion[];
type Then = string;

/** A decision in short: what is published, or which held version answers, or the status of the refusal. */
function told(command: MeasurementCommand, given: Given): Then {
  const decision = decide(command, given);
  switch (decision.outcome) {
    case 'publish':
      return `${decision.status} ${decision.facts.map(factName).join(' ')}`;
    case 'held':
      return `held ${decision.version.contentMark}`;
    case 'refused':
      return `${decision.status} ${decision.issue.code}`;
  }
}

const factName = (fact: MeasurementFact): string =>
  fact.name === 'MeasurementRetracted'
    ? `retract(${fact.patient}, ${fact.reason})`
    : `${fact.name === 'MeasurementRecorded' ? 'record' : 'correct'}(${fact.patient})`;

/** What is held once a command was decided and its events published. */
function after(command: MeasurementCommand, given: Given): Given {
  const decision = decide(command, given);
  if (decision.outcome !== 'publish') return given;
  const { contentMark, sourceUpdatedAtMs } = command;
  return decision.facts.reduce<Given>((versions, fact) => {
    const retracted = fact.name === 'MeasurementRetracted';
    const mark = retracted && fact.reason === 'wrong-patient' ? 'wrong patient' : contentMark;
    return [...versions, held(mark, { patient: fact.patient, retracted, sourceUpdatedAtMs })];
  }, given);
}

const table: [title: string, given: Given, when: MeasurementCommand, then: Then][] = [
  ['a first reading is recorded', [], send('85'), '201 record(ada)'],
  ['a first PUT is recorded', [], send('85', put), '201 record(ada)'],
  ['a first amended one is recorded', [], send('85', amended), '201 record(ada)'],
  ['a resend is the held one', [held('85')], send('85'), 'held 85'],
  ['a resend by PUT is the held one', [held('85')], send('85', put), 'held 85'],
  ['an amended resend of what holds is the held one', [held('85')], send('85', amended), 'held 85'],
  ['other content by POST is a duplicate', [held('85')], send('86'), '409 duplicate'],
  ['other content by PUT corrects', [held('85')], send('86', put), '200 correct(ada)'],
  ['other content marked amended corrects', [held('85')], send('86', amended), '200 correct(ada)'],

  ['85 resent after 86 leaves 86', [held('85'), held('86')], send('85'), 'held 86'],
  ['85 resent by PUT after 86 leaves 86', [held('85'), held('86')], send('85', put), 'held 86'],
  [
    '85 amended after 86 corrects',
    [held('85'), held('86')],
    send('85', amended),
    '200 correct(ada)',
  ],
  [
    '85 by PUT and newer than 86 corrects',
    [held('85'), held('86', { sourceUpdatedAtMs: 7 })],
    send('85', { ...put, sourceUpdatedAtMs: 8 }),
    '200 correct(ada)',
  ],
  [
    '85 by PUT and as old as 86 leaves 86',
    [held('85'), held('86', { sourceUpdatedAtMs: 8 })],
    send('85', { ...put, sourceUpdatedAtMs: 8 }),
    'held 86',
  ],
  [
    '85 by PUT, older than the receipt of 86, leaves 86',
    [held('85'), held('86', { recordedAtMs: 9 })],
    send('85', { ...put, sourceUpdatedAtMs: 8 }),
    'held 86',
  ],
  [
    '85 by POST and newer than 86 is a duplicate',
    [held('85'), held('86', { sourceUpdatedAtMs: 7 })],
    send('85', { sourceUpdatedAtMs: 8 }),
    '409 duplicate',
  ],

  ['a retraction retracts', [held('85')], send('x', retract), '200 retract(ada, by-source)'],
  [
    'a retraction before its original is kept',
    [],
    send('x', retract),
    '200 retract(ada, by-source)',
  ],
  [
    'a retraction again is the held one',
    [held('85'), held('x', gone)],
    send('x', retract),
    'held x',
  ],
  [
    'another retraction changes nothing',
    [held('85'), held('x', gone)],
    send('y', retract),
    'held x',
  ],
  ['the late original stays hidden', [held('x', gone)], send('85'), 'held x'],
  ['the late original by PUT stays hidden', [held('x', gone)], send('85', put), 'held x'],
  [
    'the late original stays hidden whatever its time',
    [held('x', gone)],
    send('85', { ...put, sourceUpdatedAtMs: 1e15 }),
    'held x',
  ],
  [
    'a resend after the retraction stays hidden',
    [held('85'), held('x', gone)],
    send('85'),
    'held x',
  ],
  [
    'a newer resend after the retraction stays hidden',
    [held('85'), held('x', gone)],
    send('85', { ...put, sourceUpdatedAtMs: 1e15 }),
    'held x',
  ],
  [
    'an amended one after the retraction comes back',
    [held('85'), held('x', gone)],
    send('86', amended),
    '200 correct(ada)',
  ],
  [
    'changed content by PUT after the retraction comes back',
    [held('85'), held('x', gone)],
    send('86', put),
    '200 correct(ada)',
  ],
  [
    'changed content by POST after the retraction is a duplicate',
    [held('85'), held('x', gone)],
    send('86'),
    '409 duplicate',
  ],

  [
    'another subject is a wrong patient',
    [held('85')],
    send('85 of bo', { patients: [bo] }),
    '200 retract(ada, wrong-patient) record(bo)',
  ],
  [
    'a move that was cut short goes on',
    [held('85'), held('w', gone)],
    send('85 of bo', { patients: [bo] }),
    '200 record(bo)',
  ],
  [
    'a resend for the former patient moves nothing back',
    [held('85'), held('w', gone), held('85 of bo', { patient: bo })],
    send('85'),
    'held 85 of bo',
  ],
  [
    'an amended one for the former patient moves back',
    [held('85'), held('w', gone), held('85 of bo', { patient: bo })],
    send('85', amended),
    '200 retract(bo, wrong-patient) record(ada)',
  ],
  [
    'a retraction reaches who holds it now',
    [held('85')],
    send('x', { ...retract, patients: [bo] }),
    '200 retract(ada, by-source)',
  ],
  [
    'a linked pseudonym is the same patient',
    [held('85')],
    send('86', { ...put, patients: [bo, ada] }),
    '200 correct(ada)',
  ],

  ['erased content is refused', [held('85', { erased: true })], send('85'), '410 deleted'],
  [
    'erased content marked amended is refused',
    [held('85', { erased: true })],
    send('85', amended),
    '410 deleted',
  ],
  [
    'later care after an erasure is recorded',
    [held('85', { erased: true })],
    send('90'),
    '201 record(ada)',
  ],
  [
    'a retraction of what is erased is refused',
    [held('85', { erased: true })],
    send('x', retract),
    '410 deleted',
  ],

  ['what the condition finds is held', [], send('85', { found: held('80') }), 'held 80'],
];

describe('the intake decides', () => {
  it.each(table)('%s', (_, given, when, then) => expect(told(when, given)).toBe(then));

  it('never publishes twice for what is sent twice in a row', () => {
    const command = fc.record({
      intent: fc.constantFrom<Intent[]>('record', 'correct', 'retract'),
      marked: fc.boolean(),
      patients: fc.constantFrom<[Pseudonym]>([ada], [bo]),
      contentMark: fc.constantFrom('1', '2', '3'),
      sourceUpdatedAtMs: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
      found: fc.constant(undefined),
    });
    fc.assert(
      fc.property(fc.array(command, { minLength: 1, maxLength: 12 }), (commands) => {
        let versions: readonly HeldVersion[] = [];
        for (const one of commands) {
          versions = after(one, versions);
          expect(decide(one, versions).outcome).not.toBe('publish');
        }
      }),
    );
  });

  it('asks for source times only where an earlier content comes again unmarked', () => {
    const both = [held('85'), held('86')];
    const dated = { sourceUpdatedAtMs: 8 };
    expect(hangsOnSourceTime(send('85', dated), both)).toBe(true);
    expect(hangsOnSourceTime(send('86', dated), both)).toBe(false);
    expect(hangsOnSourceTime(send('85'), both)).toBe(false);
    expect(hangsOnSourceTime(send('85', { ...dated, ...amended }), both)).toBe(false);
  });
});
