import { lagQuestion, type LagAnswer } from '../lag/lag-answer.ts';
import { troublesOf } from '../lag/troubles.ts';
import { dataDirOf } from '../mesh-addresses.ts';
import { answersOf, askEach, failureLines, type OperatorOptions } from '../operated-services.ts';
import { isWell, type MeshPart } from './mesh-part.ts';
import { meshParts } from './mesh-parts.ts';

/** The mesh as it is now; also what `samspill status --json` answers. */
export interface MeshStatus {
  /** ISO 8601 */
  readonly at: string;
  readonly parts: readonly MeshPart[];
  /** As `samspill lag --json`. */
  readonly lag: readonly LagAnswer[];
  /** Services that are ready, and yet did not say how far they are. */
  readonly unasked: readonly string[];
}

/** One that does not answer is told so, and does not keep the screen waiting. */
const answerWithinMs = 5_000;

/** Looks at all parts and all read models at once. */
export async function lookAtMesh(
  options: OperatorOptions,
  signal?: AbortSignal,
): Promise<MeshStatus> {
  const [parts, asked] = await Promise.all([
    meshParts(dataDirOf(options.dataDir)),
    askEach(options, {
      ...lagQuestion,
      timeoutMs: answerWithinMs,
      ...(signal && { signal }),
    }),
  ]);
  const isReady = (service: string): boolean =>
    parts.some((part) => part.name === service && isWell(part));
  return {
    at: new Date().toISOString(),
    parts,
    lag: answersOf(asked),
    unasked: failureLines(asked.filter(({ service }) => isReady(service))),
  };
}

export const isAway = ({ parts, unasked }: MeshStatus): boolean =>
  parts.length === 0 || !parts.every(isWell) || unasked.length > 0;

export const isHeld = ({ lag }: MeshStatus): boolean =>
  lag.some(({ readModels }) => readModels.some((one) => troublesOf(one).length > 0));
