import { SamspillError } from '@samspill/kernel';

/**
 * What may be written down of an error. Ours name no patient; the message of any other may quote what was sent, and
 * PostgreSQL's what was stored: of those only class, code and first frame are told.
 */
export function toldError(error: unknown): string {
  if (error instanceof SamspillError) return error.message;
  if (!(error instanceof Error)) return typeof error;
  return [error.name, codeOf(error), firstFrame(error)].filter(Boolean).join(' ');
}

/** `ECONNREFUSED`, an SQLSTATE. */
const codeOf = (error: Error): string =>
  'code' in error && typeof error.code === 'string' && /^[A-Z0-9_]{1,40}$/.test(error.code)
    ? error.code
    : '';

/** A message can hold lines that look like frames, so frames are looked for behind it, and only where it stands. */
function firstFrame({ message, stack = '' }: Error): string {
  const [head, frames] = partsAround(stack, message);
  return /^\w+: $/.test(head) ? (/^\n\s+at .*/.exec(frames)?.[0].trim() ?? '') : '';
}

const partsAround = (text: string, part: string): [string, string] => {
  const at = text.indexOf(part);
  return [text.slice(0, Math.max(at, 0)), text.slice(at + part.length)];
};
