import { readFileSync } from 'node:fs';
import { SamspillError } from '@samspill/kernel';
import { parse } from 'yaml';
import { z } from 'zod';

const client = z.strictObject({
  orgnrParent: z.string().regex(/^\d{9}$/),
  orgnrChild: z
    .string()
    .regex(/^\d{9}$/)
    .optional(),
  scopes: z.array(z.string()),
  /** Other organisations whose measurements this client may send. */
  sendsFor: z.array(z.string().regex(/^\d{9}$/)).default([]),
});
const registerFile = z.strictObject({ clients: z.record(z.string(), client) });

export type RegisteredClient = z.infer<typeof client>;
/** Registered clients by client id. */
export type ClientRegister = ReadonlyMap<string, RegisteredClient>;

/** Reads the local client register. Throws CONFIG_INVALID naming the file and what is wrong in it. */
export function readClientRegister(file: string): ClientRegister {
  try {
    const { clients } = registerFile.parse(parse(readFileSync(file, 'utf8')));
    return new Map(Object.entries(clients));
  } catch (cause) {
    throw new SamspillError('CONFIG_INVALID', {
      place: file,
      mend: `give a readable client register: ${cause instanceof Error ? cause.message : ''}`,
      cause,
    });
  }
}
