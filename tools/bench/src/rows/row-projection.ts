import { fileURLToPath } from 'node:url';
import { projection, row, table, type Projection } from '@samspill/read-model';
import { clearRows, sealedRows, type RowContent } from './row-product.ts';

/** Folder of the migrations that make the table. */
export const rowMigrations = fileURLToPath(new URL('../../migrations', import.meta.url));

export const rowTable = table({
  name: 'measurement_row',
  columns: {
    code: 'text',
    value: 'double precision',
    unit: 'text',
    effective_at: 'timestamptz',
    organisation: 'text',
    recorded_at: 'timestamptz',
  },
});

const rowOf = (content: RowContent, recordedAt: number) => [
  row(rowTable, {
    code: content.code,
    value: content.value,
    unit: content.unit,
    effective_at: content.effectiveAt,
    organisation: content.organisation,
    recorded_at: recordedAt,
  }),
];

export const clearProjection = (topic: string): Projection =>
  projection({
    name: 'rows',
    product: clearRows(topic),
    opens: false,
    tables: [rowTable],
    on: { Row: ({ clear }) => rowOf(clear, clear.envelope.recordedAt) },
  });

export const sealedProjection = (topic: string): Projection =>
  projection({
    name: 'rows',
    product: sealedRows(topic),
    opens: true,
    tables: [rowTable],
    on: { Row: ({ clear, content }) => rowOf(content, clear.envelope.recordedAt) },
  });
