import { isUnion, type AvroField } from './inline-schema.ts';
import { definitionsIn, fieldsIn, topFieldsOf } from './record-fields.ts';
import type { SchemaProblem } from './schema-problem.ts';
import type { SourceEvent, SourceProduct, SourceRecord } from './schema-source.ts';

/** What a product's schemas must look like whatever stood before (design D3 and D5). */
export const checkForm = (product: SourceProduct): SchemaProblem[] => [
  ...product.events.flatMap((event) => [
    ...checkEvolvable(event),
    ...checkSealedField(event),
    ...checkClassified(event, product.file.classification.internal, 'internal'),
    ...(event.seals
      ? [
          ...checkEvolvable(event.seals),
          ...checkClassified(event.seals, product.file.classification.sensitive, 'sensitive'),
        ]
      : []),
  ]),
  ...checkClassifiedOnce(product),
];

/** Optional fields and enums leave room for later versions only with a default. */
function checkEvolvable({ schema, file }: SourceRecord): SchemaProblem[] {
  return fieldsIn(schema).flatMap(({ path, field }) => {
    const problems: SchemaProblem[] = [];
    if (isOptional(field) && field.default !== null) {
      problems.push({
        place: file,
        field: path,
        rule: 'an optional field has a default',
        mend: 'put null first in its union and add "default": null',
      });
    }
    if (definitionsIn(field.type).some((type) => type.type === 'enum' && !('default' in type))) {
      problems.push({
        place: file,
        field: path,
        rule: 'an enum has a default symbol, which stands for one that comes later',
        mend: 'add "default" with one of its symbols, or use a string',
      });
    }
    return problems;
  });
}

const isOptional = ({ type }: AvroField): boolean => isUnion(type) && type.includes('null');

/** The authenticated clear part is what stands before `sealed`, so nothing may follow it. */
function checkSealedField({ schema, seals, file }: SourceEvent): SchemaProblem[] {
  const names = topFieldsOf(schema).map(({ name }) => name);
  const at = names.indexOf('sealed');
  if (seals === undefined) {
    if (at < 0) return [];
    return [
      {
        place: file,
        field: 'sealed',
        rule: 'an event that seals nothing has no sealed field',
        mend: 'name the sealed record in data-product.yaml, or drop the field',
      },
    ];
  }
  if (at === names.length - 1) return [];
  return [
    {
      place: file,
      field: 'sealed',
      rule: 'the last field of an event that seals is sealed, since it authenticates what stands before it',
      mend: 'put { "name": "sealed", "type": "samspill.common.Sealed" } last',
    },
  ];
}

function checkClassified(
  { schema, file }: SourceRecord,
  classified: readonly string[],
  as: 'internal' | 'sensitive',
): SchemaProblem[] {
  const place = as === 'internal' ? 'a field in the clear' : 'a sealed field';
  return topFieldsOf(schema)
    .filter(({ name }) => !classified.includes(name))
    .map(({ name }) => ({
      place: file,
      field: name,
      rule: `${place} is classified ${as}`,
      mend:
        as === 'internal'
          ? 'move it into the sealed record, or list it under classification.internal in data-product.yaml if it tells nothing of a patient'
          : 'list it under classification.sensitive in data-product.yaml',
    }));
}

function checkClassifiedOnce({ file, domain }: SourceProduct): SchemaProblem[] {
  const { internal, sensitive } = file.classification;
  return internal
    .filter((name) => sensitive.includes(name))
    .map((name) => ({
      place: `${domain}/data-product.yaml`,
      field: name,
      rule: 'a field is classified once',
      mend: 'keep it under sensitive, and give the clear field another name',
    }));
}
