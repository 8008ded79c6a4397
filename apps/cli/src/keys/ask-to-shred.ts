import type { Identifier } from '@samspill/contracts';
import { judgePatient } from '@samspill/fhir';
import { isPseudonym, type Pseudonym } from '@samspill/kernel';
import { z } from 'zod';
import { CommandFailure } from '../command-failure.ts';
import { exitCodes } from '../exit-codes.ts';

export type ShredPatient = { identifier: Identifier } | { pseudonym: Pseudonym };

export interface ShredOrder {
  readonly product: string;
  readonly patient: ShredPatient;
  readonly cause: string;
}

const receiptForm = z.object({
  product: z.string(),
  shredded: z.array(
    z.object({
      patient: z.string(),
      keyVersion: z.number(),
      shreddedAt: z.string(),
      /** Of the KeyShredded; absent when the log was slow: it follows by itself. */
      position: z.string().optional(),
    }),
  ),
});

/** What the key vault destroyed. */
export type ShredReceipt = z.infer<typeof receiptForm>;

const refusalForm = z.object({
  problems: z.array(z.object({ place: z.string(), rule: z.string(), mend: z.string() })),
});

/** Reads a national id or a pseudonym; the failure does not repeat it. */
export function shredPatientOf(text: string): ShredPatient {
  if (isPseudonym(text)) return { pseudonym: text };
  const verdict = judgePatient({ system: null, value: text }, 'lenient', '--patient');
  if (verdict.outcome === 'identified') return { identifier: verdict.patient };
  throw new CommandFailure(
    exitCodes.usage,
    '--patient: does not hold: it is a national id of 11 digits, or a pseudonym of 22 characters. To mend: give the whole number.',
  );
}

/** Asks the key vault. Fails with its own words when it refuses, and as away when it does not answer. */
export async function askToShred(
  url: string,
  clientId: string,
  order: ShredOrder,
): Promise<ShredReceipt> {
  const response = await send(url, clientId, order);
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return receiptForm.parse(body);
  const refusal = refusalForm.safeParse(body);
  const lines = refusal.success
    ? refusal.data.problems.map(
        ({ place, rule, mend }) => `${place}: does not hold: ${rule}. To mend: ${mend}.`,
      )
    : [`${url}: answered ${response.status}. To mend: see the log of the key vault.`];
  const exitCode = response.status >= 500 ? exitCodes.away : exitCodes.refused;
  throw new CommandFailure(exitCode, lines.join('\n'));
}

async function send(url: string, clientId: string, order: ShredOrder): Promise<Response> {
  try {
    return await fetch(`${url}/shred`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'samspill-client': clientId },
      body: JSON.stringify(order),
      signal: AbortSignal.timeout(20_000),
    });
  } catch (cause) {
    throw new CommandFailure(
      exitCodes.away,
      `${url}: the key vault does not answer; whether it shredded is unknown. To mend: see samspill status, then shred again: twice is as once.`,
      cause,
    );
  }
}
