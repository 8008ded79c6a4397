import { Option } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { patientNumberOf } from '../patient-number.ts';
import { readPayloads, requireOneStdin } from '../payloads/read-payloads.ts';
import { printAnswer } from '../terminal.ts';
import { judgePayload, type EntryVerdict } from './judge-payload.ts';
import { verdictLines, verdictSummary } from './show-verdicts.ts';

export const identityOption = (): Option =>
  new Option('--identity <mode>', 'how national ids are judged, without the intake')
    .choices(['strict', 'lenient'])
    .env('SAMSPILL_IDENTITY')
    .default('lenient');

/** How payloads are to be judged. */
export interface JudgeOptions {
  readonly identity: 'strict' | 'lenient';
  /** As `--patient` was given. */
  readonly patient?: string;
  readonly organisation: string;
}

/** What the intake would say of the payloads of these files. */
export async function judgeFiles(
  files: readonly string[],
  { identity, patient, organisation }: JudgeOptions,
): Promise<EntryVerdict[]> {
  requireOneStdin(files, patient);
  const context = {
    identity,
    now: new Date(),
    orgnrParent: organisation,
    sendsFor: [],
    ...(patient !== undefined && { patientHeader: patientNumberOf(patient) }),
  };
  const verdicts: EntryVerdict[] = [];
  for await (const payload of readPayloads(files)) verdicts.push(...judgePayload(payload, context));
  return verdicts;
}

/** Prints verdicts, and ends the command with 1 where something would be refused. */
export function showVerdicts(verdicts: readonly EntryVerdict[], json: boolean): void {
  printAnswer(json, verdicts, [...verdictLines(verdicts), verdictSummary(verdicts)].join('\n'));
  if (verdicts.some(({ outcome }) => outcome === 'refused')) process.exitCode = exitCodes.refused;
}
