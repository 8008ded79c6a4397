import { exactNumber } from '@samspill/fhir';
import fc from 'fast-check';
import { hostileBytes } from './hostile-bytes.ts';

/** One thing that is done to a JSON value. `at` and `value` are taken modulo what is there. */
interface Edit {
  readonly kind: (typeof kinds)[number];
  readonly at: number;
  readonly value: number;
}

const kinds = ['replace', 'take out', 'rename', 'add', 'copy', 'wrap', 'repeat'] as const;

const nested = (levels: number, leaf: unknown): unknown => {
  let value = leaf;
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
};
const numbers = ['1e999999', '-0', '-1E-400', '1e21', '12345678901234567890.0010', '61.50', '-1'];
const texts = [
  '',
  ' ',
  '\0',
  '\ud83d',
  'e\u0301\u202e\ufeff',
  '\u{10ffff}'.repeat(3),
  '__proto__',
  'constructor',
  'x'.repeat(500),
  '1.'.repeat(200),
  '9'.repeat(400),
  '%'.repeat(50),
  'identifier=a|b|c|d',
  'identifier=urn:oid:1.2.3.4|b',
  'urn:oid:1.2.3.4.5',
  'http://a/Observation/1',
  'urn:uuid:f47ac10b-58cc-4372-8567-0e02b2c3d479',
  'Patient/1',
  '0000-01-01',
  '9999-12-31T23:59:59.999999999+14:59',
  '2024-02-30',
  '2024-13',
  'Bundle',
  'Observation',
  'Patient',
  'batch',
  'PUT',
  'DELETE',
  'amended',
  'entered-in-error',
  'http://loinc.org',
  '29563-7',
  'http://hl7.no/fhir/vkpobservation/StructureDefinition/vkp-Observation-Bloodpressure',
];
const values: readonly unknown[] = [
  ...numbers.map(exactNumber),
  ...texts,
  null,
  true,
  [],
  {},
  [null],
  { value: null },
  { system: {}, code: [] },
  nested(10, 1),
  nested(70, {}),
  Array(60).fill({}),
];
const names = [
  '__proto__',
  'constructor',
  'toString',
  'valueOf',
  'valueQuantity',
  'valueInteger',
  'valueSampledData',
  'effectivePeriod',
  'component',
  'resource',
  'entry',
  'rawJSON',
  '',
  '\0',
];

const edit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom(...kinds),
  at: fc.nat(0xffff),
  value: fc.nat(0xffff),
});

type Holder = Record<string, unknown>;
interface Place {
  readonly holder: Holder;
  readonly name: string;
}

const isHolder = (value: unknown): value is Holder =>
  typeof value === 'object' && value !== null && !Object.isFrozen(value);

/** Every place in a value where something stands, the value itself under `root`. Raw numbers are frozen: leaves. */
function placesIn(holder: Holder): Place[] {
  const places: Place[] = [];
  for (const name of Object.keys(holder)) {
    places.push({ holder, name });
    const inner = holder[name];
    if (isHolder(inner)) places.push(...placesIn(inner));
  }
  return places;
}

const pick = <T>(list: readonly T[], at: number): T => list[at % list.length] as T;
/** As an own property, whatever the name. */
const put = (holder: Holder, name: string, value: unknown): void =>
  void Object.defineProperty(holder, name, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
const copyOf = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!isHolder(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, copyOf(inner)]));
};

function apply(root: Holder, { kind, at, value }: Edit): Holder {
  const places = placesIn(root);
  // Nor are copies of copies of the whole made without end.
  if (places.length === 0 || places.length > 500) return root;
  const { holder, name } = pick(places, at);
  const held = holder[name];
  switch (kind) {
    case 'replace':
      put(holder, name, copyOf(pick(values, value)));
      break;
    case 'take out':
      if (Array.isArray(holder)) holder.splice(Number(name), 1);
      else Reflect.deleteProperty(holder, name);
      break;
    case 'rename':
      if (Array.isArray(holder)) break;
      Reflect.deleteProperty(holder, name);
      put(holder, pick(names, value), held);
      break;
    case 'add':
      if (Array.isArray(held)) held.push(copyOf(pick(values, value)));
      else if (isHolder(held)) put(held, pick(names, value), copyOf(pick(values, at)));
      break;
    case 'copy': {
      const from = pick(places, value);
      put(holder, name, copyOf(from.holder[from.name]));
      break;
    }
    case 'wrap':
      put(holder, name, value % 2 === 0 ? [held] : { value: held });
      break;
    case 'repeat':
      if (Array.isArray(held))
        put(holder, name, [...(held as unknown[]), ...(copyOf(held) as unknown[])]);
      break;
  }
  return root;
}

/** Bodies of damaged JSON; one in four is damaged as bytes too. A case shrinks to fewer edits. */
export function hostileJson(samples: readonly object[]): fc.Arbitrary<Buffer> {
  const edited = fc
    .tuple(fc.constantFrom(...samples), fc.array(edit, { minLength: 1, maxLength: 4 }))
    .map(([sample, edits]) => edits.reduce(apply, { root: copyOf(sample) })['root'])
    .map((value) => Buffer.from(JSON.stringify(value ?? null)));
  const bytes = samples.map((sample) => Buffer.from(JSON.stringify(sample)));
  return fc.oneof({ weight: 3, arbitrary: edited }, { weight: 1, arbitrary: hostileBytes(bytes) });
}
