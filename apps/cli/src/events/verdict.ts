import { errorCatalogue, formatPosition, type Position } from '@samspill/kernel';
import type { PartitionStanding, PatientStanding, ReadModelStanding } from './events-answer.ts';

/** Why an event is, or is not, before the readers of a consumer. */
export interface Verdict {
  readonly state:
    | 'shown'
    | 'retraction'
    | 'superseded'
    | 'retracted'
    | 'shredded'
    | 'withheld'
    | 'parked'
    | 'catching-up'
    | 'held'
    | 'stopped'
    | 'behind'
    | 'passed-over';
  /** A sentence or two in plain words. */
  readonly why: string;
  /** What to do; undefined where nothing is wrong. */
  readonly mend: string | undefined;
}

/** The event that is judged, as far as log and read models know it. */
export interface JudgedEvent {
  readonly position: Position;
  /** 0 where nothing is sealed. */
  readonly keyVersion: number;
  /** Why the record cannot be read; undefined where it can, or was not looked at. */
  readonly problem: string | undefined;
}

interface Judged {
  readonly service: string;
  readonly readModel: ReadModelStanding;
  readonly event: JudgedEvent;
}

/** Judges one version of a read model, by the order in which the causes overrule each other. */
export function verdictOf(judged: Judged): Verdict {
  const { readModel, event } = judged;
  const [patient] = readModel.patients;
  return (
    (patient && byPatient(judged, patient)) ??
    byCheckpoint(judged) ??
    (readModel.rows.length > 0 ? byRow(readModel) : passedOver(event))
  );
}

/** What the key vault has said of the patient, or a record that was rejected. */
function byPatient(judged: Judged, patient: PatientStanding): Verdict | undefined {
  const { service, readModel, event } = judged;
  const { state, since, reason, position, fromOffset, shreddedVersion, shreddedBy } = patient;
  if (event.keyVersion > 0 && event.keyVersion <= shreddedVersion) {
    return {
      state: 'shredded',
      why: `The key that sealed it was destroyed, by the order at ${shreddedBy ?? 'the log'}: nobody can open it again, in no copy of the log.`,
      mend: 'nothing, since it was erased on purpose; what is sent from now on is taken in as ever',
    };
  }
  const dated = since === null ? '' : ` since ${since}`;
  const isBefore = event.position.offset < fromOffset;
  if (state === 'withheld') {
    return {
      state,
      why: `The patient is withheld from ${service}${dated} (${reason}, at ${position}): its grant to ${readModel.product} is closed, and its rows are taken out.`,
      mend: 'nothing is broken; whoever may take the order back does so by samspill grants open',
    };
  }
  if (state === 'parked' && !isBefore) {
    const isIt = position === formatPosition(event.position);
    return {
      state,
      why: isIt
        ? `It was rejected with ${reason}${dated}: expected that ${ruleOf(reason)}. Later events of the patient wait behind it.`
        : `The patient is parked${dated} behind the record at ${position}, which was rejected with ${reason}: this event waits in the log.`,
      mend: requeueAfter(mendOf(reason)),
    };
  }
  return state === 'catching-up' ? whileCatchingUp(judged, patient, dated) : undefined;
}

function whileCatchingUp(
  judged: Judged,
  { reason, fromOffset }: PatientStanding,
  dated: string,
): Verdict | undefined {
  const isBefore = judged.event.position.offset < fromOffset;
  // Whoever goes on from a rejected record is seen as before; all others when everything is there.
  if (isBefore && reason === 'requeued') return undefined;
  const stop = partitionAt(judged)?.stops.find(({ catchingUp }) => catchingUp);
  if (stop !== undefined) return stopped(judged, stop.code, 'while the log was read again');
  return {
    state: 'catching-up',
    why: `The log is read again for the patient${dated} (${reason}), up to offset ${fromOffset} so far: this event ${isBefore ? 'is read, others are not yet, and until then none is shown' : 'is not read yet'}.`,
    mend: 'wait; samspill lag shows when nobody is catching up any more',
  };
}

/** Whether the read model has come so far. */
function byCheckpoint(judged: Judged): Verdict | undefined {
  const at = partitionAt(judged);
  if (at === undefined || at.next > judged.event.position.offset) return undefined;
  const before = countOf(judged.event.position.offset - at.next);
  const where = `${judged.service} has not read it yet: ${before} before it on its partition`;
  if (at.held !== null && at.held.code !== 'PARKING_STOPPED') {
    const { code, since } = at.held;
    return {
      state: 'held',
      why: `${where}, which is held for ${code}${since === null ? '' : ` since ${since}`}: expected that ${ruleOf(code)}. Nothing is skipped.`,
      mend: `${mendOf(code)}; the partition goes on by itself`,
    };
  }
  const stop = at.stops.find(({ catchingUp }) => !catchingUp);
  if (stop !== undefined) return stopped(judged, stop.code, `at offset ${stop.atOffset}`);
  const age =
    at.behindSeconds === null
      ? ''
      : `; the first that is not read is ${at.behindSeconds} s old at most`;
  return {
    state: 'behind',
    why: `${where}${age}.`,
    mend:
      at.end === null
        ? 'bring the brokers back, since the log does not answer; see samspill status'
        : 'wait, and see samspill lag: where it grows, the service is too slow, or no instance of it reads',
  };
}

const stopped = ({ service, readModel }: Judged, code: string, where: string): Verdict => ({
  state: 'stopped',
  why: `The partition is stopped ${where}: too many patients would have been parked with ${code}.`,
  mend: `mend the projection or the publisher; where it is the data: samspill parked accept --service ${service} --projection ${readModel.projection} --code ${code}`,
});

/** It has become a row: whether that is the one that readers see. */
function byRow({ shown }: ReadModelStanding): Verdict {
  const later = shown?.by;
  const by = later ? `${later.eventId} at ${formatPosition(later.position)}` : 'a later event';
  const state = shown?.state ?? 'in-force';
  switch (state) {
    case 'superseded':
      return {
        state: 'superseded',
        why: `It was read, and a later version of the same measurement is shown instead: ${by}.`,
        mend: undefined,
      };
    case 'retracted':
      return {
        state: 'retracted',
        why: `It was read, and the measurement was taken back later, by ${by}.`,
        mend: 'nothing, unless it was taken back by mistake: then the source sends it again, marked as corrected',
      };
    case 'retraction':
      return {
        state: 'retraction',
        why: 'It takes a measurement back, and readers are told so.',
        mend: undefined,
      };
    default:
      return {
        state: 'shown',
        why: 'It was read, and nothing later stands in its place.',
        mend: undefined,
      };
  }
}

const passedOver = ({ problem }: JudgedEvent): Verdict =>
  problem === undefined
    ? {
        state: 'passed-over',
        why: 'It was read, and has become no row.',
        mend: 'report it: a projection turns every event that it knows into rows',
      }
    : {
        state: 'passed-over',
        why: `It was passed over, since it cannot be read (${problem}).`,
        mend: 'mend the publisher, which then sends it again',
      };

/** Of the event, not of what the key vault states. */
const partitionAt = ({ readModel, event }: Judged): PartitionStanding | undefined =>
  readModel.partitions.find(
    ({ topic, partition }) =>
      topic === event.position.topic && partition === event.position.partition,
  );

const countOf = (records: number): string =>
  records === 0 ? 'no record lies' : records === 1 ? '1 record lies' : `${records} records lie`;

const requeue = 'samspill parked requeue';

/** Where the mend of the catalogue ends with the order, it is only said for whom. */
const requeueAfter = (mend: string): string =>
  `${mend}${mend.endsWith(requeue) ? '' : `; then ${requeue}`} --patient @FILE`;

const catalogue: Readonly<Partial<Record<string, { rule: string; mend: string }>>> = errorCatalogue;
const ruleOf = (code: string): string => catalogue[code]?.rule ?? code;
const mendOf = (code: string): string => catalogue[code]?.mend ?? 'see the log of the service';
