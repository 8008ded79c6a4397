import { measurements, type MeasurementContent } from '@samspill/contracts';
import { projection, type Projection } from '../projection.ts';
import { row, table } from '../table.ts';

const reading = table({
  name: 'reading',
  columns: {
    measurement_id: 'text',
    measured_at: 'timestamptz',
    codes: 'text[]',
    value: 'numeric',
    note: 'text',
    content: 'jsonb',
    resource: 'json',
  },
});

/** Opens events; refuses to project a value that is called "unexpected". */
export const readings = projection({
  name: 'readings',
  product: measurements,
  opens: true,
  tables: [reading],
  on: {
    MeasurementRecorded: ({ clear, content }) => {
      if (content.value === null || content.value.text === 'unexpected') {
        throw new Error('no value to project');
      }
      return [
        row(reading, {
          measurement_id: clear.measurementId,
          measured_at: clear.envelope.occurredAt,
          codes: content.codes.map(({ code }) => code),
          value: content.value.text,
          note: content.notes.join(' '),
          content: content.value,
          resource: content.resource,
        }),
      ];
    },
  },
});

/** The same once it is mended: it takes the value and the note that the first one could not. */
export const mendedReadings: Projection = {
  ...readings,
  on: {
    MeasurementRecorded: (event) => {
      const content = event.content as MeasurementContent;
      const { value } = content;
      const mended = {
        ...content,
        value: value?.text === 'unexpected' ? { ...value, text: '0' } : value,
        notes: content.notes.map((note) => note.replaceAll('\0', '')),
      };
      return readings.on['MeasurementRecorded']?.({ ...event, content: mended }) ?? [];
    },
  },
};

const entry = table({ name: 'entry', columns: { natural_key: 'text', erased: 'boolean' } });

/** Like an intake ledger: clear fields alone, and marks where others delete. */
export const ledger = projection({
  name: 'ledger',
  product: measurements,
  opens: false,
  tables: [entry],
  shredded: { table: entry, set: { erased: true } },
  on: {
    MeasurementRecorded: ({ clear }) => [
      row(entry, { natural_key: clear.envelope.naturalKey, erased: null }),
    ],
  },
});
