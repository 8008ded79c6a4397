import type { SchemaFiles } from '../schema-files.ts';

export interface SampleField {
  name: string;
  type: SampleType;
  default?: unknown;
}
interface SampleDefinition {
  type: string;
  name?: string;
  doc?: string;
  namespace?: string;
  fields?: SampleField[];
  symbols?: string[];
  items?: string;
  size?: number;
  default?: unknown;
}
type SampleType = string | SampleDefinition | (string | SampleDefinition)[];
export type SampleRecord = SampleDefinition & { fields: SampleField[] };
interface SampleExample {
  clear: Record<string, unknown>;
  content?: Record<string, unknown>;
}

const record = (
  name: string,
  fields: SampleField[],
  namespace = 'samspill.visits',
): SampleRecord => ({ type: 'record', name, namespace, fields });
export const text = (name: string): SampleField => ({ name, type: 'string' });
export const optionalText = (name: string): SampleField => ({
  name,
  type: ['null', 'string'],
  default: null,
});

const place = () => record('Place', [text('ward'), optionalText('room')]);
const urgency = () => ({ type: 'enum', name: 'Urgency', symbols: ['LOW', 'HIGH'], default: 'LOW' });

/** Everything below `schemas/` of a mesh with one product of two events, one that seals and one that does not. */
const sample = () => ({
  'common/sealed.avsc': record(
    'Sealed',
    [
      text('alg'),
      { name: 'keyVersion', type: 'int' },
      { name: 'innerFingerprint', type: { type: 'fixed', name: 'Fingerprint', size: 32 } },
      { name: 'iv', type: { type: 'fixed', name: 'InitialisationVector', size: 12 } },
      { name: 'bytes', type: 'bytes' },
    ],
    'samspill.common',
  ),
  'visits/VisitBegun.avsc': record('VisitBegun', [
    text('visitId'),
    text('status'),
    { name: 'sealed', type: 'samspill.common.Sealed' },
  ]),
  'visits/VisitContent.avsc': record('VisitContent', [
    text('complaint'),
    { name: 'place', type: place() },
    { name: 'urgency', type: urgency() },
    { name: 'notes', type: { type: 'array', items: 'string' }, default: [] },
    { name: 'companion', type: ['null', record('Companion', [text('role')])], default: null },
  ]),
  'visits/VisitEnded.avsc': record('VisitEnded', [text('visitId'), optionalText('onward')]),
  'visits/examples/VisitBegun.json': {
    clear: { visitId: 'v1', status: 'begun' },
    content: {
      complaint: 'a cough',
      place: { ward: '4', room: null },
      urgency: 'LOW',
      notes: [],
      companion: null,
    },
  } as SampleExample,
  'visits/examples/VisitEnded.json': { clear: { visitId: 'v1', onward: null } } as SampleExample,
  // YAML reads JSON.
  'visits/data-product.yaml': {
    product: 'visits.visit',
    title: 'Visits',
    owner: { organisation: 'Oslo kommune', team: 'visits' },
    purpose: 'a sample',
    legalBasis: 'none',
    topic: { entity: 'visit', major: 1, partitions: 6, retention: 'forever' },
    key: 'pseudonym of the patient',
    events: { VisitBegun: { seals: 'VisitContent' }, VisitEnded: {} } as Record<
      string,
      { seals?: string }
    >,
    classification: {
      internal: ['visitId', 'status', 'onward', 'sealed'],
      sensitive: ['complaint', 'place', 'urgency', 'notes', 'companion'],
    },
    serviceLevel: { freshnessP99Ms: 2000 },
    erasure: 'onOrder',
    onReservation: 'withhold',
  },
});

type Sample = ReturnType<typeof sample>;

/** What is done to some of the files. */
export type Edit = { [File in keyof Sample]?: ((file: Sample[File]) => void) | 'remove' };

/** The sample, with some files changed or taken away. */
export function sampleFiles(edit: Edit = {}): SchemaFiles {
  const files = sample();
  const edits = edit as Record<string, ((file: unknown) => void) | 'remove' | undefined>;
  const kept = Object.entries(files).filter(([name, file]) => {
    const change = edits[name];
    if (typeof change === 'function') change(file);
    return change !== 'remove';
  });
  return new Map(kept.map(([name, file]) => [name, JSON.stringify(file)]));
}
