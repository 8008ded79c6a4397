import { accessSync, constants, createReadStream, statSync } from 'node:fs';
import { addAbortSignal } from 'node:stream';
import { jsonLimits } from '@samspill/fhir';
import { CommandFailure } from '../command-failure.ts';
import { exitCodes } from '../exit-codes.ts';
import { linesOf } from './lines.ts';

/** A body for the intake, in the bytes in which it was found. */
export interface Payload {
  readonly file: string;
  /** The file, and the number of its line where it holds several. */
  readonly name: string;
  readonly body: Buffer;
}

export const payloadsHelp =
  'FHIR Bundle or Observation as JSON, or NDJSON of them; - is standard input';

/**
 * The payloads of these files, one after the other. A file whose first line is JSON by itself is NDJSON, and is never held
 * as a whole. A payload that is longer than the intake takes is cut just beyond that: it is refused for its length.
 * Rejects when the signal comes, also while it waits for standard input.
 */
export async function* readPayloads(
  files: readonly string[],
  signal?: AbortSignal,
): AsyncGenerator<Payload> {
  // All of them first: nothing is sent of a call that names a file that is not there.
  for (const file of files) assertReadable(file);
  for (const file of files) {
    const input = file === '-' ? process.stdin : createReadStream(file);
    yield* payloadsIn(file, signal === undefined ? input : addAbortSignal(signal, input));
  }
}

/** Fails where both the payloads and the patient would come from standard input. */
export function requireOneStdin(files: readonly string[], patient: string | undefined): void {
  const readers = [...files, patient].filter((one) => one === '-' || one === '@-');
  if (readers.length <= 1) return;
  throw new CommandFailure(exitCodes.usage, {
    place: 'standard input',
    rule: 'it is read for one thing',
    mend: 'name a file for the others',
  });
}

const { bytesMax } = jsonLimits;

async function* payloadsIn(file: string, input: AsyncIterable<Buffer>): AsyncGenerator<Payload> {
  const whole: Buffer[] = [];
  let bytes = 0;
  let isLines: boolean | undefined;
  let number = 0;
  for await (const line of linesOf(input, bytesMax)) {
    number += 1;
    if (isLines !== false && isBlank(line)) continue;
    isLines ??= /\.(nd|l)json$|\.jsonl$/i.test(file) || isJson(line);
    if (isLines) {
      yield { file, name: number === 1 ? file : `${file}:${number}`, body: line };
    } else if (bytes <= bytesMax) {
      whole.push(line);
      bytes += line.length;
    }
  }
  // An empty file too is somebody's payload, and is refused as such.
  if (isLines !== true) yield { file, name: file, body: Buffer.concat(whole) };
}

const isBlank = (line: Buffer): boolean => /^\s*$/.test(line.toString('latin1', 0, 100));

function isJson(line: Buffer): boolean {
  try {
    JSON.parse(line.toString());
    return true;
  } catch {
    return false;
  }
}

function assertReadable(file: string): void {
  if (file === '-') return;
  try {
    accessSync(file, constants.R_OK);
    if (!statSync(file).isDirectory()) return;
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    throw unreadable(file, unreadableFor[code] ?? `cannot be opened (${code})`, cause);
  }
  throw unreadable(file, 'is a folder');
}

const unreadable = (file: string, why: string, cause?: unknown): CommandFailure =>
  new CommandFailure(
    exitCodes.usage,
    {
      place: `${file}, which ${why}`,
      rule: 'it can be read',
      mend: 'name a file with a FHIR payload',
    },
    cause,
  );

const unreadableFor: Partial<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EACCES: 'is not open to you',
};
