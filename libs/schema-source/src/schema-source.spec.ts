import { expect, it } from 'vitest';
import { readSchemaSource } from './schema-source.ts';

const product = `
product: tide.level
title: Water levels
owner: { organisation: Oslo kommune, team: tide }
purpose: to show how a schema is read
legalBasis: none
topic: { entity: level, major: 1, partitions: 3, retention: forever }
key: pseudonym of the patient
events:
  LevelRead: {}
classification: { internal: [level], sensitive: [] }
serviceLevel: { freshnessP99Ms: 1000 }
erasure: onOrder
onReservation: withhold
`;
const schema = (type: string): string =>
  `{"type":"record","name":"LevelRead","namespace":"tide","fields":[{"name":"level","type":${type}}]}`;

const read = (files: Record<string, string>) => () =>
  readSchemaSource(
    new Map(
      Object.entries({
        'tide/data-product.yaml': product,
        'tide/LevelRead.avsc': schema('"int"'),
        ...files,
      }),
    ),
  );

it('a complete folder is a product with its topic and events', () => {
  const { products } = read({})();
  expect(products).toMatchObject([{ domain: 'tide', topic: 'tide.level.v1' }]);
  expect(products[0]?.events.map(({ name }) => name)).toEqual(['LevelRead']);
});

it.each([
  ['tide/LevelRead.avsc', '{', /LevelRead\.avsc: is not JSON: .+ To mend: write it as JSON\./],
  [
    'tide/LevelRead.avsc',
    schema('"tide.Metre"'),
    /LevelRead\.avsc: names the type tide\.Metre, which no schema defines\. To mend: /,
  ],
  [
    'tide/data-product.yaml',
    product.replace('partitions: 3', 'partitions: 0'),
    /data-product\.yaml: topic\.partitions: .+ To mend: /,
  ],
  [
    'tide/data-product.yaml',
    product.replace('retention: forever', 'retention: 7 days'),
    /data-product\.yaml: topic\.retention: .+ To mend: /,
  ],
  ['tide/data-product.yaml', 'a: [', /data-product\.yaml: is not YAML\. To mend: /],
  [
    'tide/data-product.yaml',
    product.replace('LevelRead: {}', 'LevelLost: {}'),
    /names tide\/LevelLost\.avsc, which is not there\. To mend: /,
  ],
  [
    'subscriptions/harbour.yaml',
    "{ consumer: harbour, legalEntity: '310000019', purposeOfUse: TREAT, products: [tide.wave], enforcement: mesh-guard }",
    /harbour\.yaml: subscribes to tide\.wave, which no folder holds\. To mend: /,
  ],
])('%s that is wrong is named with the problem and the mend', (file, text, message) => {
  expect(read({ [file]: text })).toThrow(message);
});
