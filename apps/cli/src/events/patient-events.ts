import { recordsBehind } from '../lag/lag-answer.ts';
import { answersOf, type Asked, type OperatedService } from '../operated-services.ts';
import type { EventsAnswer, ReadModelStanding } from './events-answer.ts';
import { rowsIn } from './event-finding.ts';

/** The events of a patient that read models know, the newest first, as `--json` tells them. */
export interface PatientEvents {
  readonly events: readonly PatientEvent[];
  /** How the patient stands with each service that opens data. */
  readonly standings: readonly PatientAt[];
  /** False where no service has ever seen the patient. */
  readonly isKnown: boolean;
  /** Records that the ledger of the intake has not read. Null where that is not known: log or intake are away. */
  readonly ledgerBehind: number | null;
}

export interface PatientEvent {
  readonly eventId: string;
  /** ISO 8601 */
  readonly recorded: string | null;
  /** Services whose readers do not find it, and `ledger` where the intake has not noted it yet. */
  readonly notWith: readonly string[];
  /** The key that sealed it is destroyed. */
  readonly isErased: boolean;
}

export interface PatientAt {
  readonly service: OperatedService;
  readonly state: ReadModelStanding['patients'][number]['state'];
  readonly since: string | null;
  readonly reason: string;
  /** Of the fact or record that set the state. */
  readonly position: string;
}

/** Puts together what the services answered, from `since` on. */
export function patientEvents(
  asked: readonly Asked<EventsAnswer>[],
  since: Date | undefined,
): PatientEvents {
  const answers = answersOf(asked);
  const live = answers.map((answer) => ({
    ...answer,
    readModels: answer.readModels.filter(({ state }) => state === 'live'),
  }));
  const rows = rowsIn(live).filter(
    ({ recordedAt }) => since === undefined || recordedAt === null || new Date(recordedAt) >= since,
  );
  const events = [...Map.groupBy(rows, ({ eventId }) => eventId)].map(
    ([eventId, alike]): PatientEvent => ({
      eventId,
      recorded: alike.find(({ recordedAt }) => recordedAt !== null)?.recordedAt ?? null,
      notWith: live.flatMap(({ service, readModels }) =>
        readModels
          .filter((readModel) => alike.every((row) => row.readModel !== readModel))
          .map(({ opens, projection }) => (opens ? service : projection)),
      ),
      isErased: alike.some(isErased),
    }),
  );
  const ledgers = live.flatMap(({ readModels }) => readModels.filter(({ opens }) => !opens));
  return {
    events: events.sort((one, other) => (other.recorded ?? '').localeCompare(one.recorded ?? '')),
    standings: asked.flatMap(({ service, answer }) =>
      (answer?.readModels ?? [])
        .filter(({ opens, state }) => opens && state === 'live')
        .flatMap(({ patients }) =>
          patients.map(({ state, since: from, reason, position }) => ({
            ...{ service, state, since: from, reason, position },
          })),
        ),
    ),
    isKnown: live.some(({ readModels }) => readModels.some(({ patients }) => patients.length > 0)),
    ledgerBehind:
      ledgers.length === 0 ? null : recordsBehind(ledgers.flatMap(({ partitions }) => partitions)),
  };
}

const isErased = ({ patient, keyVersion, readModel }: ReturnType<typeof rowsIn>[number]): boolean =>
  keyVersion > 0 &&
  readModel.patients.some((one) => one.patient === patient && keyVersion <= one.shreddedVersion);
