import type { Mutant } from './mutant.ts';

const writeBatch = 'libs/read-model/src/write-batch.ts';
const partitionQueue = 'libs/event-log/src/kafka/partition-queue.ts';

/** Consumers and publishers with one defect each (engine guide, section 9). */
export const mutants: readonly Mutant[] = [
  {
    name: 'checkpoint-before-rows',
    defect: 'the checkpoint is committed in a transaction of its own, before the rows',
    scenario: 'killed-before-commit',
    foundBy: 'nothing-lost',
    edits: [
      {
        file: writeBatch,
        find: 'await advance(tx, readModel, owned, to, last);',
        replace: 'await advance(pool, readModel, owned, to, last);',
      },
    ],
  },
  {
    name: 'row-dropped',
    defect: 'the last row of a statement is left out',
    scenario: 'undisturbed',
    foundBy: 'nothing-lost',
    edits: [
      {
        file: 'libs/read-model/src/write-rows.ts',
        find: 'await insertInto(tx, readModel, table, rows);',
        replace:
          'await insertInto(tx, readModel, table, rows.length > 3 ? rows.slice(0, -1) : rows);',
      },
    ],
  },
  {
    name: 'applied-twice',
    defect: 'rows are keyed by nothing, so that a repeat of a producer is one more row',
    scenario: 'undisturbed',
    foundBy: 'applied-once',
    edits: [
      {
        file: 'libs/read-model/src/write-rows.ts',
        find: "ON CONFLICT (${table.key.join(', ')}) DO NOTHING",
        replace: '',
      },
      {
        file: 'libs/read-model/src/plan.ts',
        find: 'indexes.get(one.event.id) ?? events.length',
        replace: 'events.length',
      },
    ],
    sql: 'ALTER TABLE measurement_v1 DROP CONSTRAINT measurement_v1_pkey',
  },
  {
    name: 'unfenced-zombie',
    defect: 'whoever comes back writes on, though another instance has taken the partition over',
    scenario: 'stopped-and-continued',
    foundBy: 'checkpoints-never-back',
    edits: [
      {
        file: 'libs/read-model/src/checkpoint.ts',
        find: 'AND owner_epoch = $5 AND next_offset = $6',
        replace: 'AND $5::bigint IS NOT NULL AND $6::bigint IS NOT NULL',
      },
    ],
  },
  {
    name: 'retraction-forgotten',
    defect: 'a retraction gives no row, so that what was taken back is shown on',
    scenario: 'undisturbed',
    foundBy: 'retractions-took-effect',
    edits: [
      {
        file: 'libs/observations/src/measurement-projection.ts',
        find: 'MeasurementRetracted: ({ clear, content }) => [retractionRow(clear, content)],',
        replace: 'MeasurementRetracted: () => [],',
      },
    ],
  },
  {
    name: 'gate-before-lock',
    defect: 'the gates are read before the lock of the checkpoint, so that a closing is overtaken',
    scenario: 'closed-while-a-batch-is-open',
    foundBy: 'withdrawn-gone',
    edits: [
      {
        file: writeBatch,
        find: 'const now = changes === gatesAsOf ? gates : await gatesOf(tx, readModel, projection, judged);',
        replace: 'const now = gates;',
      },
    ],
  },
  {
    name: 'gate-change-not-counted',
    defect:
      'a closing does not count that gates have changed, so that a batch goes by those it has read',
    scenario: 'closed-while-a-batch-is-open',
    foundBy: 'withdrawn-gone',
    edits: [
      {
        file: 'libs/read-model/src/write-patient-state.ts',
        find: 'if (folded.gates.size > 0 || folded.shredded.size > 0) {',
        replace: 'if (folded.gates.size < 0) {',
      },
    ],
  },
  {
    name: 'caught-up-dropped-as-repeats',
    defect: 'what a patient missed is dropped, since it lies below the checkpoint',
    scenario: 'closed-and-opened',
    foundBy: 'opened-again-complete',
    edits: [
      {
        file: 'libs/read-model/src/write-caught-up.ts',
        find: 'record.offset >= gate.fromOffset && record.offset < end',
        replace: 'record.offset >= next',
      },
    ],
  },
  {
    name: 'vault-away-is-shredded',
    defect: 'a key that the vault cannot give at present is taken for one that is destroyed',
    scenario: 'vault-away',
    foundBy: 'nothing-lost',
    edits: [
      {
        file: 'libs/read-model/src/open-batch.ts',
        find: "throw new SamspillError('KEY_VAULT_UNAVAILABLE', { place: found?.reason ?? 'no answer' });",
        replace: "return { kind: 'shredded', patient: one.patient, record: one.record };",
      },
    ],
  },
  {
    name: 'acknowledged-before-sent',
    defect: 'the publisher acknowledges what it has only queued',
    scenario: 'publisher-killed',
    foundBy: 'acknowledged-in-place',
    edits: [
      {
        file: partitionQueue,
        find: 'const baseOffset = await this.#sendUntilAcknowledged(batch.map(({ message }) => message));',
        replace:
          'const baseOffset = this.sentSoFar;\n      this.sentSoFar += batch.length;\n      void this.#sendUntilAcknowledged(batch.map(({ message }) => message));',
      },
      {
        file: partitionQueue,
        find: '  #sending: Promise<void> | undefined;',
        replace: '  #sending: Promise<void> | undefined;\n  private sentSoFar = 0;',
      },
    ],
  },
  {
    name: 'record-under-another-key',
    defect: 'a record is written under the key of its event and not of its patient',
    scenario: 'publisher-undisturbed',
    foundBy: 'keyed-by-patient',
    edits: [
      {
        file: 'libs/event-log/src/kafka/kafka-record.ts',
        find: 'key: event.key,',
        replace: 'key: event.id,',
      },
    ],
  },
  {
    name: 'two-open-sends',
    defect: 'two produce calls of one producer are open on a partition at a time',
    scenario: 'publisher-loses-an-answer',
    foundBy: 'acknowledged-in-place',
    edits: [
      {
        file: partitionQueue,
        find: 'this.#waiting.push(event);\n    this.#sending ??= this.#sendAll();',
        replace:
          'void this.#sendUntilAcknowledged([event.message]).then((at) => at !== undefined && event.acknowledged(at));',
      },
    ],
  },
];
