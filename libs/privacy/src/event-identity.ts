import { createHmac } from 'node:crypto';
import { uuidV8, type EventId } from '@samspill/kernel';
import { lengthPrefixed } from './length-prefixed.ts';

/**
 * Names of facts, all keyed by the product's index key, which the key vault gives to the owning domain alone
 * (design D4): a resend gets the same names, and nobody who reads the topic can test a guess.
 */

// The purpose comes first, so that a name of one kind never equals one of another kind.
const keyedHash = (indexKey: Buffer, purpose: string, parts: readonly string[]): Buffer =>
  createHmac('sha256', indexKey)
    .update(lengthPrefixed([purpose, ...parts]))
    .digest();

/** The key by which a source knows a fact, as 43 characters of base64url. `organisation`: number of the main unit. */
export const naturalKeyOf = (
  indexKey: Buffer,
  organisation: string,
  parts: readonly string[],
): string => keyedHash(indexKey, 'natural key', [organisation, ...parts]).toString('base64url');

/** What the source sent, as 43 characters of base64url; `canonicalText` holds no receipt time and no warnings. */
export const contentMarkOf = (indexKey: Buffer, canonicalText: string): string =>
  keyedHash(indexKey, 'content mark', [canonicalText]).toString('base64url');

export interface EventIdentity {
  readonly organisation: string;
  readonly naturalKey: string;
  readonly contentMark: string;
  /** Id of the event that this one replaces: so 85, 86 and 85 again are three events. */
  readonly replaces?: EventId | undefined;
}

/** The id of an event: equal for a resend, another one for every change (design D4). */
export function eventIdOf(indexKey: Buffer, identity: EventIdentity): EventId {
  const { organisation, naturalKey, contentMark, replaces } = identity;
  const parts = [organisation, naturalKey, contentMark];
  return uuidV8(
    keyedHash(indexKey, 'event', replaces === undefined ? parts : [...parts, replaces]),
  );
}

/** The id of what a fact is about, stable over all its versions: UUIDv8 text, fit for a FHIR resource id. */
export const resourceIdOf = (indexKey: Buffer, organisation: string, naturalKey: string): string =>
  uuidV8(keyedHash(indexKey, 'resource', [organisation, naturalKey]));
