import { lagQuestion, type LagAnswer, type ReadModelLag } from '../../lag/lag-answer.ts';
import { toldTroubles } from '../../lag/troubles.ts';
import { askEach, type Asked } from '../../operated-services.ts';
import { readModelName } from '../../read-model-name.ts';
import {
  ok,
  problem,
  skipped,
  warning,
  type Check,
  type Finding,
  type Surroundings,
} from '../check.ts';

/** A live stream is behind by fractions of a second. */
const secondsMax = 60;

/** How read models stand, as services tell it: asked once for all of these checks. */
export function readModelChecks({ operator }: Pick<Surroundings, 'operator'>): Check[] {
  let asking: Promise<Asked<LagAnswer>[]> | undefined;
  const checkOf = (
    name: string,
    well: string,
    findingsOf: (answer: LagAnswer) => Finding[],
  ): Check => ({
    name,
    group: 'mesh',
    look: async () => {
      asking ??= askEach(operator, { ...lagQuestion, timeoutMs: 6_000 });
      const asked = await asking;
      const away = asked.flatMap(({ service, failure }) => (failure ? [service] : []));
      const found = asked.flatMap(({ answer }) => (answer ? findingsOf(answer) : []));
      return [
        ...found,
        ...(found.length === 0 && away.length < asked.length ? [ok(well)] : []),
        ...away.map((service) => skipped(`not looked at in ${service}, which does not tell`)),
      ];
    },
  });
  return [
    checkOf('lag', 'no read model is behind', lagFindings),
    checkOf('holds', 'no partition is held or stopped', (answer) =>
      toldTroubles(answer).map(({ what, mend }) => problem(what, mend)),
    ),
    checkOf('log and database', 'no read model has read further than the log goes', mismatches),
    checkOf('parked', 'nobody is parked', parkedFindings),
  ];
}

const lagFindings = ({ service, readModels }: LagAnswer): Finding[] =>
  readModels
    .filter(({ state }) => state !== 'building')
    .flatMap((readModel) => {
      const seconds = Math.max(0, ...readModel.partitions.map((one) => one.behindSeconds ?? 0));
      if (seconds <= secondsMax) return [];
      const records = readModel.partitions.reduce((sum, one) => sum + (one.records ?? 0), 0);
      const what = `${readModelName(service, readModel)} is ${records} records, ${seconds} s behind`;
      return [warning(what, 'samspill lag --watch, which shows whether it grows')];
    });

const mismatches = ({ service, readModels }: LagAnswer): Finding[] =>
  readModels.flatMap((readModel) => {
    const beyond = readModel.partitions.filter(({ next, end }) => end !== null && next > end);
    if (beyond.length === 0) return [];
    const what = `${readModelName(service, readModel)} has read further than the log goes, in ${beyond.length} partitions`;
    const rebuild = `samspill rebuild start ${service} ${readModel.projection}`;
    return [problem(what, `restore the log that belongs to this database, or ${rebuild}`)];
  });

const parkedFindings = ({ service, readModels }: LagAnswer): Finding[] =>
  readModels.flatMap((readModel: ReadModelLag) => {
    const { parked } = readModel.gates;
    if (parked === 0) return [];
    const patients = parked === 1 ? '1 patient is' : `${parked} patients are`;
    const what = `${patients} parked in ${readModelName(service, readModel)}`;
    return [warning(what, `samspill parked list --service ${service}`)];
  });
