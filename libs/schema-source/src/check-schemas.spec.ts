import { describe, expect, it } from 'vitest';
import { checkReleased, checkSchemas } from './check-schemas.ts';
import { formatProblem } from './schema-problem.ts';
import { readSchemaSource, type SchemaSource } from './schema-source.ts';
import {
  optionalText,
  sampleFiles,
  text,
  type Edit,
  type SampleField,
  type SampleRecord,
} from './support/sample-schemas.ts';

const before = readSchemaSource(sampleFiles());
const edited = (edit: Edit): SchemaSource => readSchemaSource(sampleFiles(edit));
const problemsOf = (edit: Edit, base = before): string[] =>
  checkSchemas({ now: edited(edit), before: base }).map(formatProblem);

/** The field of this name, and what is known of its type. */
function fieldOf(file: SampleRecord, name: string): SampleField {
  const field = file.fields.find((one) => one.name === name);
  if (field === undefined) throw new Error(`the sample has no field ${name}`);
  return field;
}
function definitionOf(file: SampleRecord, name: string) {
  const { type } = fieldOf(file, name);
  const found = Array.isArray(type) ? type.find((branch) => typeof branch === 'object') : type;
  if (typeof found !== 'object' || Array.isArray(found)) throw new Error(`${name} is plain`);
  return found;
}
function drop(fields: SampleField[] | undefined, name: string): void {
  const at = fields?.findIndex((field) => field.name === name) ?? -1;
  if (at < 0) throw new Error(`the sample has no field ${name}`);
  fields?.splice(at, 1);
}

const content = 'visits/VisitContent.avsc';
const begun = 'visits/VisitBegun.avsc';
const ended = 'visits/VisitEnded.avsc';
const product = 'visits/data-product.yaml';
const example = 'visits/examples/VisitBegun.json';

/** Each edit is refused, and this is among what is said of it. */
const refused: [string, Edit, RegExp][] = [
  [
    'a new field without default',
    {
      [ended]: (file) => file.fields.push(text('status')),
      'visits/examples/VisitEnded.json': (file) => (file.clear['status'] = 'ended'),
    },
    /^visits\/VisitEnded\.avsc, field status: a new field has a default, since .* "default": null\.$/,
  ],
  [
    'a field without default taken out',
    {
      [begun]: (file) => drop(file.fields, 'status'),
      [example]: (file) => delete file.clear['status'],
    },
    /^visits\/VisitBegun\.avsc, field status: a field without default stays.*raise topic\.major\.$/,
  ],
  [
    'a field of another type',
    {
      [ended]: (file) => (fieldOf(file, 'visitId').type = 'int'),
      'visits/examples/VisitEnded.json': (file) => (file.clear['visitId'] = 1),
    },
    /^visits\/VisitEnded\.avsc, field visitId: a field keeps its type \(string became int\)/,
  ],
  [
    'a field that may be null from now on',
    {
      [begun]: (file) => Object.assign(fieldOf(file, 'status'), optionalText('status')),
    },
    /^visits\/VisitBegun\.avsc, field status: a field keeps its type \(string became \[null, string\]\)/,
  ],
  [
    'a changed field of a sealed record',
    {
      [content]: (file) => (fieldOf(file, 'complaint').type = 'int'),
      [example]: (file) => Object.assign(file.content ?? {}, { complaint: 1 }),
    },
    /^visits\/VisitContent\.avsc, field complaint: a field keeps its type/,
  ],
  [
    'a changed field deep inside a sealed record',
    {
      [content]: (file) => drop(definitionOf(file, 'place').fields, 'ward'),
      [example]: (file) => Object.assign(file.content ?? {}, { place: { room: null } }),
    },
    /^visits\/VisitContent\.avsc, field place\.ward: a field without default stays/,
  ],
  [
    'a changed field inside an optional record',
    {
      [content]: (file) => definitionOf(file, 'companion').fields?.push(text('since')),
    },
    /^visits\/VisitContent\.avsc, field companion\.since: a new field has a default/,
  ],
  [
    'an array of something else',
    {
      [content]: (file) => (fieldOf(file, 'notes').type = { type: 'array', items: 'boolean' }),
    },
    /^visits\/VisitContent\.avsc, field notes: a field keeps its type \(string became boolean\)/,
  ],
  [
    'an event taken out',
    { [product]: (file) => delete file.events['VisitEnded'] },
    /^visits\/data-product\.yaml, field events\.VisitEnded: an event stays/,
  ],
  [
    'another number of partitions',
    { [product]: (file) => (file.topic.partitions = 12) },
    /^visits\/data-product\.yaml, field topic\.partitions: a topic keeps its partitions \(6\)/,
  ],
  [
    'a field after sealed',
    {
      [begun]: (file) => file.fields.push(optionalText('onward')),
      [example]: (file) => (file.clear['onward'] = null),
    },
    /^visits\/VisitBegun\.avsc, field sealed: the last field of an event that seals is sealed/,
  ],
  [
    'a clear field that is not classified internal',
    {
      [ended]: (file) => file.fields.push(optionalText('diagnosis')),
      'visits/examples/VisitEnded.json': (file) => (file.clear['diagnosis'] = null),
    },
    /^visits\/VisitEnded\.avsc, field diagnosis: a field in the clear is classified internal/,
  ],
  [
    'a sealed field that is not classified sensitive',
    {
      [content]: (file) => file.fields.push(optionalText('extra')),
      [example]: (file) => Object.assign(file.content ?? {}, { extra: null }),
    },
    /^visits\/VisitContent\.avsc, field extra: a sealed field is classified sensitive/,
  ],
  [
    'an optional field without default',
    {
      [content]: (file) => delete fieldOf(file, 'companion').default,
    },
    /^visits\/VisitContent\.avsc, field companion: an optional field has a default/,
  ],
  [
    'an enum without default symbol',
    {
      [content]: (file) => delete definitionOf(file, 'urgency').default,
    },
    /^visits\/VisitContent\.avsc, field urgency: an enum has a default symbol/,
  ],
  [
    'a nested sealed field that appears in the clear',
    {
      [ended]: (file) => file.fields.push(optionalText('ward')),
      [product]: (file) => file.classification.internal.push('ward'),
      'visits/examples/VisitEnded.json': (file) => (file.clear['ward'] = null),
    },
    /^visits\/VisitEnded\.avsc, field ward: a field that was sealed is not taken out into the clear/,
  ],
  [
    'a sensitive field reclassified as internal',
    {
      [product]: (file) => {
        file.classification.sensitive = file.classification.sensitive.filter(
          (name) => name !== 'place',
        );
        file.classification.internal.push('place');
      },
      // Taken out of the record as well, or its missing classification would be told too.
      [content]: (file) => {
        drop(file.fields, 'place');
      },
      [example]: (file) => delete file.content?.['place'],
    },
    /^visits\/data-product\.yaml, field place: a sensitive field does not become internal/,
  ],
  [
    'an event without example',
    { [example]: 'remove' },
    /^visits\/examples\/VisitBegun\.json: an event has an example/,
  ],
  [
    'an example whose content has a field of another type',
    { [example]: (file) => Object.assign(file.content ?? {}, { complaint: 7 }) },
    /^visits\/examples\/VisitBegun\.json, field content\.complaint: an example encodes and decodes/,
  ],
  [
    'an example with a field that its schema lacks',
    { [example]: (file) => Object.assign(file.content ?? {}, { misspelt: 'x' }) },
    /^visits\/examples\/VisitBegun\.json, field content: an example encodes and decodes/,
  ],
  [
    'an example without the content that its event seals',
    { [example]: (file) => delete file.content },
    /^visits\/examples\/VisitBegun\.json: an example has content where its event seals/,
  ],
];

describe('checking schemas', () => {
  it('has nothing against the sample itself, first or unchanged', () => {
    expect(problemsOf({})).toEqual([]);
    expect(problemsOf({}, { products: [], subscriptions: [] })).toEqual([]);
  });

  it.each(refused)('refuses %s', (_, edit, problem) => {
    const problems = problemsOf(edit);
    expect(
      problems.some((line) => problem.test(line)),
      problems.join('\n'),
    ).toBe(true);
  });

  it.each<[string, Edit]>([
    [
      'an optional field more, in the clear and sealed',
      {
        [ended]: (file) => file.fields.push(optionalText('status')),
        'visits/examples/VisitEnded.json': (file) => (file.clear['status'] = null),
        [content]: (file) => file.fields.push(optionalText('mood')),
        [product]: (file) => file.classification.sensitive.push('mood'),
        [example]: (file) => Object.assign(file.content ?? {}, { mood: null }),
      },
    ],
    [
      'a field with default taken out',
      {
        [ended]: (file) => drop(file.fields, 'onward'),
        'visits/examples/VisitEnded.json': (file) => delete file.clear['onward'],
      },
    ],
    [
      'a symbol more in an enum with a default',
      {
        [content]: (file) => definitionOf(file, 'urgency').symbols?.push('EXTREME'),
      },
    ],
    ['another description', { [ended]: (file) => (file.doc = 'says more') }],
    [
      'an incompatible change under a new major',
      {
        [begun]: (file) => drop(file.fields, 'status'),
        [example]: (file) => delete file.clear['status'],
        [product]: (file) => {
          file.topic.major = 2;
          file.topic.partitions = 12;
        },
      },
    ],
  ])('lets pass %s', (_, edit) => {
    expect(problemsOf(edit)).toEqual([]);
  });

  it('refuses a product taken out, and an event that seals no more', () => {
    const none = { products: [], subscriptions: [] };
    expect(checkSchemas({ now: none, before }).map(formatProblem)).toEqual([
      expect.stringMatching(/^visits\/data-product\.yaml: a product stays, since its log does/),
    ]);
    const unsealed = problemsOf({
      [begun]: (file) => drop(file.fields, 'sealed'),
      [product]: (file) => delete file.events['VisitBegun']?.seals,
      [example]: (file) => delete file.content,
    });
    expect(unsealed).toContainEqual(
      expect.stringMatching(/VisitBegun\.avsc, field sealed: an event keeps the record/),
    );
  });

  it('refuses to take a sealed field out under a new major as well', () => {
    const problems = problemsOf({
      [product]: (file) => {
        file.topic.major = 2;
        file.classification.internal.push('complaint');
      },
      [begun]: (file) => file.fields.unshift(text('complaint')),
      [example]: (file) => (file.clear['complaint'] = 'a cough'),
    });
    expect(problems).toContainEqual(
      expect.stringMatching(/VisitBegun\.avsc, field complaint: a field that was sealed/),
    );
  });

  it('cannot even read a product with a finite retention', () => {
    const finite = () => edited({ [product]: (file) => (file.topic.retention = '90 days') });
    expect(finite).toThrow(/schemas\/visits\/data-product\.yaml: .*keeps its full history/);
    expect(finite).toThrow(/topic\.retention/);
  });
});

describe('checking against a registry', () => {
  it('holds every released version against the present one', async () => {
    const withStatus = edited({ [ended]: (file) => file.fields.push(text('status')) });
    const first = withStatus.products[0]?.events[1]?.schema;
    if (first === undefined) throw new Error('the sample has two events');
    const problems = await checkReleased(before, (subject) =>
      Promise.resolve(subject === 'visits.visit.v1-samspill.visits.VisitEnded' ? [first] : []),
    );
    expect(problems.map(formatProblem)).toEqual([
      expect.stringMatching(
        /^visits\.visit\.v1-samspill\.visits\.VisitEnded, field status: a field without default stays/,
      ),
    ]);
  });

  it('refuses a field in the clear that any released version had sealed, whatever the last commit says', async () => {
    const sealedBefore = before.products[0]?.events[0]?.seals?.schema;
    if (sealedBefore === undefined) throw new Error('the first event of the sample seals');
    const now = edited({
      [ended]: (file) => file.fields.push(optionalText('complaint')),
      [content]: (file) => drop(file.fields, 'complaint'),
    });
    const problems = await checkReleased(now, (subject) =>
      Promise.resolve(subject.endsWith('.VisitContent') ? [sealedBefore] : []),
    );
    expect(problems.map(formatProblem)).toContainEqual(
      expect.stringMatching(/VisitEnded\.avsc, field complaint: a field that was sealed/),
    );
  });
});
