import { open } from 'node:fs/promises';
import { errorCatalogue } from '@samspill/kernel';
import { z } from 'zod';
import type { LastError } from './mesh-part.ts';

/** Of the end of a log; what is older is of no help now. */
const bytesMax = 128 * 1024;
const warning = 40;

const logLine = z.object({
  level: z.number(),
  time: z.number(),
  code: z.string().optional(),
  error: z.string().optional(),
  err: z.string().optional(),
});

/** The newest line of a service's log that tells an error of the catalogue; null where none does, or no log is. */
export async function lastErrorIn(logFile: string): Promise<LastError | null> {
  const lines = (await endOf(logFile).catch(() => '')).split('\n');
  for (const line of lines.reverse()) {
    const read = logLine.safeParse(jsonOf(line));
    if (!read.success || read.data.level < warning) continue;
    const { code, error, err, time } = read.data;
    const known = [code, error, err]
      .map((text) => text?.split(':', 1)[0] ?? '')
      .find((name) => name in errorCatalogue);
    if (known !== undefined) return { code: known, at: new Date(time).toISOString() };
  }
  return null;
}

async function endOf(file: string): Promise<string> {
  const log = await open(file);
  try {
    const { size } = await log.stat();
    const length = Math.min(size, bytesMax);
    const { buffer, bytesRead } = await log.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await log.close();
  }
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Cut at the start of what was read, or not of the service's logger.
    return undefined;
  }
}
