import { join } from 'node:path';
import { runChecks } from '../checks/run-checks.ts';
import type { Finding } from '../checks/check.ts';
import { totalsOf, type Totals } from '../checks/totals.ts';
import { watchCheckpoints } from '../evidence/checkpoint-watch.ts';
import { collectEvidence } from '../evidence/collect-evidence.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { settled } from '../evidence/settled.ts';
import type { Fault } from '../faults/fault.ts';
import { fileHistory } from '../history/history.ts';
import type { HistoryEvent } from '../history/history-line.ts';
import type { FaultMesh } from '../mesh/fault-mesh.ts';
import { startFaultMesh, type FaultMeshOptions } from '../mesh/start-mesh.ts';
import { untilDone } from '../until-done.ts';
import { startWorkload } from '../workload/start-workload.ts';
import { watched } from './acknowledgements.ts';
import type { FaultRecord } from './hold-fault.ts';
import { injectFaults } from './inject-faults.ts';

export interface FaultRunOptions extends FaultMeshOptions {
  readonly seed: string | number;
  /** How long faults are injected; start, healing and checks come on top. */
  readonly lastsMs: number;
  /** Of these they are drawn. */
  readonly faults: readonly Fault[];
  /** How many of them hold at once at most. */
  readonly atOnce?: number;
  readonly onEvent?: (event: HistoryEvent) => void;
  /** Ends the run in good order, without its checks. */
  readonly signal?: AbortSignal;
}

/** What came of a run. */
export interface FaultRun {
  readonly records: readonly FaultRecord[];
  /** Faults that this machine does not allow, and why. */
  readonly notRun: Readonly<Record<string, string>>;
  readonly evidence: Evidence;
  /** Broken promises; empty when everything holds. */
  readonly findings: readonly Finding[];
  readonly totals: Totals;
  /** How often a part ended that nobody had ended, and was started again. */
  readonly endedByThemselves: number;
}

const settleWithinMs = 180_000;
/** The registry finds its database again a while after all else does. */
const collectPatience = { withinMs: 60_000, retryMs: 1_000 };

/** The same as {@link faultsOn}, on a mesh of its own; nothing is left running. */
export async function runFaults(options: FaultRunOptions): Promise<FaultRun> {
  const mesh = await startFaultMesh(options);
  try {
    return await faultsOn(mesh, options);
  } finally {
    await mesh.stop();
  }
}

/**
 * Has a mesh work under faults, heals it, and compares what was promised with what is there. Rejects with the reason of the
 * signal when interrupted.
 */
export async function faultsOn(mesh: FaultMesh, options: FaultRunOptions): Promise<FaultRun> {
  const { dataDir, seed, lastsMs, faults, atOnce, onEvent, onProgress = () => undefined } = options;
  const signal = options.signal ?? new AbortController().signal;
  signal.throwIfAborted();
  const file = fileHistory(join(dataDir, 'history.ndjson'));
  const history = watched({
    ...file,
    write: (event) => {
      file.write(event);
      onEvent?.(event);
    },
  });
  let endedByThemselves = 0;
  const untold = mesh.onEnded((part) => {
    endedByThemselves += 1;
    history.write({ kind: 'note', text: `${part} has ended by itself` });
  });
  await watchCheckpoints(mesh.databaseUrls);
  const workload = await startWorkload({ mesh, history, seed });
  const notRun = Object.fromEntries(
    faults.flatMap(({ name, notRunOn }) => {
      const reason = notRunOn?.(mesh);
      return reason === undefined ? [] : [[name, reason]];
    }),
  );
  const possible = faults.filter(({ name }) => notRun[name] === undefined);
  const over = AbortSignal.any([signal, AbortSignal.timeout(lastsMs)]);
  const records = await injectFaults(
    {
      mesh,
      history,
      acknowledgements: history,
      workload,
      seed,
      faults: possible,
      ...(atOnce !== undefined && { atOnce }),
      interrupted: signal,
    },
    over,
  );
  onProgress('all healed; waiting for what is on its way');
  await workload.stop(signal.aborted ? 0 : undefined);
  signal.throwIfAborted();
  const behind = await settled(mesh, settleWithinMs);
  for (const text of behind) history.write({ kind: 'note', text: `not settled: ${text}` });
  onProgress('reading the log and the read models');
  const evidence = await untilDone(() => collectEvidence({ mesh, history }), collectPatience);
  const findings = [...unhealedAmong(records), ...runChecks(evidence)];
  untold();
  file.close();
  return {
    records,
    notRun,
    evidence,
    findings,
    totals: totalsOf(evidence, findings),
    endedByThemselves,
  };
}

/** What was broken is to work again: a part starts, replicas are in step, two versions of a read model are equal. */
const unhealedAmong = (records: readonly FaultRecord[]): Finding[] =>
  records.flatMap(({ fault, detail, unhealed }) =>
    unhealed === undefined
      ? []
      : [{ check: 'healed', message: `${fault} (${detail}) cannot be healed: ${unhealed}` }],
  );
