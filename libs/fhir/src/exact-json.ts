import { type Issue, issue } from './operation-outcome.ts';

/**
 * JSON whose numbers keep the text in which they were sent: `85.0000000001` stays, `37` does not become `37.0`.
 * A number is a raw JSON value of the platform, so `JSON.stringify` writes it back verbatim.
 */
export interface ExactNumber {
  readonly rawJSON: string;
}
export type Json = string | boolean | null | ExactNumber | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

// Node 22 and later have these; TypeScript 6 does not describe them.
interface JsonWithSource {
  parse(
    text: string,
    reviver: (name: string, value: unknown, context: { source: string }) => unknown,
  ): unknown;
  rawJSON(text: string): ExactNumber;
  isRawJSON(value: unknown): value is ExactNumber;
}
const exact = JSON as unknown as JsonWithSource;

export interface JsonLimits {
  readonly bytesMax: number;
  readonly depthMax: number;
}

/** What the intake takes at most: 5 MiB and 64 levels (specs/measurements.md section 9). */
export const jsonLimits: JsonLimits = { bytesMax: 5 * 1024 * 1024, depthMax: 64 };

/** A body that could not be read, as the issue to answer with and the HTTP status that suits it. */
export interface Unreadable {
  readonly status: 400 | 413;
  readonly issue: Issue;
}

/** Reads a body. Size and depth are checked before anything is parsed. */
export function parseExactJson(
  body: Buffer,
  limits: JsonLimits = jsonLimits,
): { readonly json: Json } | Unreadable {
  if (body.length > limits.bytesMax) {
    const mib = `${limits.bytesMax / 1024 / 1024} MiB`;
    return unreadable(413, 'too-long', `A body has at most ${mib}`, 'Send it in several bundles.');
  }
  if (isDeeperThan(body, limits.depthMax)) {
    const rule = `JSON is nested at most ${limits.depthMax} levels deep`;
    return unreadable(400, 'structure', rule, 'Send a resource that is nested less.');
  }
  const text = decode(body);
  if (typeof text !== 'string') return text;
  try {
    return { json: exact.parse(text, keepNumberText) as Json };
  } catch (error) {
    return malformed(error);
  }
}

/** True for a body that {@link parseExactJson} refuses. */
export const isRefusedBody = (result: object): result is Unreadable => 'issue' in result;

export const isNumber = (value: Json | undefined): value is ExactNumber => exact.isRawJSON(value);

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isNumber(value);

/** A number of ours as JSON that {@link stringifyExact} writes as it is. */
export const exactNumber = (text: string): ExactNumber => exact.rawJSON(text);

/** Writes JSON back; numbers verbatim. */
export const stringifyExact = (json: Json): string => JSON.stringify(json);

/**
 * The written canonical form behind content marks: no white space, names in code unit order, strings as JSON writes
 * them, numbers as sent. Two bodies that differ only in layout or order of names have the same form.
 */
export function canonicalJson(json: Json): string {
  if (Array.isArray(json)) {
    return `[${(json as readonly Json[]).map(canonicalJson).join(',')}]`;
  }
  if (isObject(json)) {
    const names = Object.keys(json).sort();
    return `{${names.map((name) => `${JSON.stringify(name)}:${canonicalJson(json[name] ?? null)}`).join(',')}}`;
  }
  return JSON.stringify(json);
}

const keepNumberText = (_name: string, value: unknown, { source }: { source: string }): unknown =>
  typeof value === 'number' ? exact.rawJSON(source) : value;

function decode(body: Buffer): string | Unreadable {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return unreadable(400, 'structure', 'A body is UTF-8 text', 'Send JSON in UTF-8.');
  }
}

/** The parser's message quotes the input, which may hold a patient: only the place in it is passed on. */
function malformed(error: unknown): Unreadable {
  const place = error instanceof Error ? /at position (\d+)/.exec(error.message)?.[1] : undefined;
  const where = place === undefined ? '' : ` (it stops being JSON at character ${place})`;
  return unreadable(400, 'structure', `A body is JSON${where}`, 'Send well-formed JSON.');
}

const unreadable = (
  status: Unreadable['status'],
  code: Issue['code'],
  rule: string,
  mend: string,
): Unreadable => ({ status, issue: issue('error', code, rule, mend) });

const quote = 0x22;
const backslash = 0x5c;
const openBrackets = new Set([0x5b, 0x7b]);
const closeBrackets = new Set([0x5d, 0x7d]);

/** One pass over the bytes: brackets inside strings do not count. */
function isDeeperThan(body: Buffer, depthMax: number): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at] ?? 0;
    if (inString) {
      if (byte === backslash) at += 1;
      else if (byte === quote) inString = false;
    } else if (byte === quote) {
      inString = true;
    } else if (openBrackets.has(byte)) {
      depth += 1;
      if (depth > depthMax) return true;
    } else if (closeBrackets.has(byte)) {
      depth -= 1;
    }
  }
  return false;
}
