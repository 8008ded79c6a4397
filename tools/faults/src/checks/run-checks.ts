import type { Evidence } from '../evidence/evidence.ts';
import { acknowledgedInPlace } from './acknowledged-in-place.ts';
import { allAnswered } from './all-answered.ts';
import { appliedOnce } from './applied-once.ts';
import type { Check, Finding } from './check.ts';
import { checkpointsAtEnd, checkpointsNeverBack } from './checkpoints.ts';
import { keyedByPatient } from './keyed-by-patient.ts';
import { laterCareKept } from './later-care-kept.ts';
import { noPhantom } from './no-phantom.ts';
import { nobodyWaits } from './nobody-waits.ts';
import { nothingLost } from './nothing-lost.ts';
import { openedAgainComplete } from './opened-again-complete.ts';
import { readsMonotonic, readsSeeOwnWrites } from './reads.ts';
import { replayEquals } from './replay-equals.ts';
import { retractionsTookEffect } from './retractions-took-effect.ts';
import { risingOrder } from './rising-order.ts';
import { withdrawnGone } from './withdrawn-gone.ts';

/** From the log to the screen. */
export const checks: readonly Check[] = [
  allAnswered,
  acknowledgedInPlace,
  keyedByPatient,
  risingOrder,
  noPhantom,
  laterCareKept,
  nothingLost,
  appliedOnce,
  replayEquals,
  retractionsTookEffect,
  withdrawnGone,
  openedAgainComplete,
  nobodyWaits,
  checkpointsAtEnd,
  checkpointsNeverBack,
  readsMonotonic,
  readsSeeOwnWrites,
];

/** All that breaks a promise, in the order of the checks; empty when everything holds. */
export const runChecks = (evidence: Evidence): Finding[] =>
  checks.flatMap(({ name, find }) => find(evidence).map((found) => ({ check: name, ...found })));
