import { isNumber, isObject, type Json, type JsonObject } from './exact-json.ts';
import type { IssueList } from './operation-outcome.ts';

/**
 * A *spot* is an element of a resource together with its path and the list that takes its problems. What is not of
 * the expected shape is reported at its place and then counts as absent.
 */
export interface Spot {
  readonly element: JsonObject;
  /** FHIRPath below the resource; empty for the resource itself. */
  readonly path: string;
  readonly issues: IssueList;
}

export const pathOf = ({ path }: Spot, name: string): string =>
  path === '' ? name : `${path}.${name}`;

export const has = ({ element }: Spot, name: string): boolean => element[name] !== undefined;

/** A string element; null when absent. */
export function textAt(spot: Spot, name: string): string | null {
  const value = spot.element[name];
  if (value === undefined || typeof value === 'string') return value ?? null;
  return misshapen(spot, name, 'a string');
}

/** The text of a number element, every digit as sent; null when absent. */
export function numberAt(spot: Spot, name: string): string | null {
  const value = spot.element[name];
  if (value === undefined) return null;
  return isNumber(value) ? value.rawJSON : misshapen(spot, name, 'a number');
}

/** An object element; undefined when absent. */
export function spotAt(spot: Spot, name: string): Spot | undefined {
  const value = spot.element[name];
  if (value === undefined) return undefined;
  if (isObject(value)) return { element: value, path: pathOf(spot, name), issues: spot.issues };
  misshapen(spot, name, 'an object');
  return undefined;
}

/** The objects of a repeating element. */
export function spotsAt(spot: Spot, name: string): Spot[] {
  return listAt(spot, name).flatMap((element, index) => {
    const path = `${pathOf(spot, name)}[${index}]`;
    if (isObject(element)) return [{ element, path, issues: spot.issues }];
    misshapen(spot, `${name}[${index}]`, 'an object');
    return [];
  });
}

/** The strings of a repeating element. */
export const textsAt = (spot: Spot, name: string): string[] =>
  listAt(spot, name).filter((value) => typeof value === 'string');

/** What a repeating element holds, of whatever shape. */
export function listAt(spot: Spot, name: string): readonly Json[] {
  const value = spot.element[name];
  if (value === undefined) return [];
  if (Array.isArray(value)) return value as readonly Json[];
  misshapen(spot, name, 'an array');
  return [];
}

function misshapen(spot: Spot, name: string, shape: string): null {
  const rule = `The element is ${shape}`;
  spot.issues.refuse('structure', pathOf(spot, name), rule, 'Send the element as FHIR R4 has it.');
  return null;
}
