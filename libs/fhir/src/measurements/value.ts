import type { Coding, Value } from '@samspill/contracts';
import { isNumber, type Json } from '../exact-json.ts';
import { has, numberAt, pathOf, spotAt, textAt, type Spot } from '../spot.ts';
import { codingsOf, conceptText } from './coded-concept.ts';

/** A value[x], or why there is none. */
export interface ValueOrReason {
  readonly value: Value | null;
  readonly dataAbsentReason: string | null;
}

/** Reads value[x] and dataAbsentReason of an Observation or of a component; at most one of all these may be there. */
export function readValue(spot: Spot): ValueOrReason {
  const names = Object.keys(spot.element).filter((name) => /^value[A-Z]/.test(name));
  const [name] = names;
  if (names.length > 1) {
    const rule = 'An observation has one value of one type';
    spot.issues.refuse('structure', pathOf(spot, 'value'), rule, 'Send one value[x] element.');
  }
  const absent = spotAt(spot, 'dataAbsentReason');
  if (name !== undefined && has(spot, 'dataAbsentReason')) {
    const rule = 'A value and a reason for its absence exclude each other (FHIR obs-6)';
    const mend = 'Send the value or dataAbsentReason.';
    spot.issues.refuse('invariant', pathOf(spot, 'dataAbsentReason'), rule, mend);
  }
  return {
    value: name === undefined ? null : readTyped(spot, name),
    dataAbsentReason: absent === undefined ? null : (conceptText(absent) ?? 'unknown'),
  };
}

const plain = (type: string, text: string, codes: readonly Coding[] = []): Value => ({
  type,
  text,
  comparator: null,
  unit: null,
  unitSystem: null,
  unitCode: null,
  codes,
});

function readTyped(spot: Spot, name: string): Value | null {
  const type = name.slice('value'.length);
  const raw = spot.element[name];
  if (raw === undefined) return null;
  const scalar = primitiveTypes[type];
  if (scalar !== undefined) return readPrimitive(spot, name, scalar, raw);
  const value = spotAt(spot, name);
  if (value === undefined) return null;
  switch (type) {
    case 'Quantity':
      return readQuantity(value);
    case 'CodeableConcept':
      return readConcept(value);
    case 'Range':
      return plain(type, `${quantityText(value, 'low')} - ${quantityText(value, 'high')}`);
    case 'Ratio':
      return plain(
        type,
        `${quantityText(value, 'numerator')}:${quantityText(value, 'denominator')}`,
      );
    case 'Period':
      return plain(type, `${textAt(value, 'start') ?? ''}/${textAt(value, 'end') ?? ''}`);
    default:
      return readUninterpreted(spot, name, type);
  }
}

/** SampledData, whose numbers mean nothing without origin and factor, and types of later FHIR releases. */
function readUninterpreted(spot: Spot, name: string, type: string): Value {
  const rule = 'A value is a quantity, a concept, a text, a number, a time, a range or a ratio';
  const mend = 'Send a number as valueQuantity; this value stays in the resource and is not shown.';
  spot.issues.warn('not-supported', pathOf(spot, name), rule, mend);
  return plain(type, '');
}

interface Primitive {
  readonly shape: string;
  readonly name: string;
  holds(value: Json): boolean;
}

const isString = (value: Json): boolean => typeof value === 'string';
const primitiveTypes: Partial<Record<string, Primitive>> = {
  String: { name: 'string', shape: 'a string', holds: isString },
  Time: { name: 'time', shape: 'a string', holds: isString },
  DateTime: { name: 'dateTime', shape: 'a string', holds: isString },
  Boolean: {
    name: 'boolean',
    shape: 'true or false',
    holds: (value) => typeof value === 'boolean',
  },
  Integer: {
    name: 'integer',
    shape: 'a whole number',
    holds: (value) => isNumber(value) && /^-?\d+$/.test(value.rawJSON),
  },
};

function readPrimitive(spot: Spot, name: string, primitive: Primitive, raw: Json): Value | null {
  if (!primitive.holds(raw)) {
    const rule = `The element is ${primitive.shape}`;
    spot.issues.refuse('structure', pathOf(spot, name), rule, 'Send the type that the name says.');
    return null;
  }
  return plain(primitive.name, typeof raw === 'string' ? raw : JSON.stringify(raw));
}

/** Null where there is no number: a unit by itself is no value. */
function readQuantity(quantity: Spot): Value | null {
  if (!has(quantity, 'value')) return sayNothing(quantity, 'A quantity has a number');
  return {
    ...plain('Quantity', numberAt(quantity, 'value') ?? ''),
    comparator: textAt(quantity, 'comparator'),
    unit: textAt(quantity, 'unit'),
    unitSystem: textAt(quantity, 'system'),
    unitCode: textAt(quantity, 'code'),
  };
}

function readConcept(concept: Spot): Value | null {
  const text = conceptText(concept);
  if (text === null) return sayNothing(concept, 'A concept has a code or a text');
  return plain('CodeableConcept', text, codingsOf(concept));
}

/** A value that says nothing is shown as missing. */
function sayNothing({ issues, path }: Spot, rule: string): null {
  issues.warn('value', path, rule, 'Send it, or dataAbsentReason in place of the value.');
  return null;
}

/** A quantity inside a value as a person reads it: comparator, number and unit belong to it. */
function quantityText(spot: Spot, name: string): string {
  const quantity = spotAt(spot, name);
  if (quantity === undefined) return '';
  const comparator = textAt(quantity, 'comparator') ?? '';
  const number = numberAt(quantity, 'value') ?? '';
  const unit = textAt(quantity, 'unit') ?? textAt(quantity, 'code') ?? '';
  return `${comparator}${number} ${unit}`.trim();
}
