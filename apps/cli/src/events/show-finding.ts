import { recordsBehind } from '../lag/lag-answer.ts';
import type { OperatedService } from '../operated-services.ts';
import { readModelName } from '../read-model-name.ts';
import { outputSize } from '../screen/live-screen.ts';
import { plainTable } from '../screen/plain-table.ts';
import { colours } from '../terminal.ts';
import type { EventFinding, LogFinding, ReadModelFinding } from './event-finding.ts';

const columns = [
  { title: 'read model' },
  { title: 'row' },
  { title: 'patient', importance: 1 },
  { title: 'reading', least: 12 },
];

/** Where an event is: the log, each read model, and last in plain words whether readers see it. */
export function findingText({ eventId, log, readModels }: EventFinding): string {
  const { columns: width } = outputSize();
  const table = plainTable(columns, readModels.map(rowOf), width);
  return [
    `event ${eventId ?? 'without an id'}`,
    ...logLines(log),
    ...(readModels.length === 0 ? [] : ['', ...table, '']),
    ...readModels.flatMap(verdictLines),
  ].join('\n');
}

function logLines({ writings, looked, problem }: LogFinding): string[] {
  if (problem !== undefined) return [colours.red(`  the log could not be asked: ${problem}`)];
  const [first] = writings;
  if (first === undefined) return ['  not in the log'];
  const key = first.keyVersion === undefined ? 'clear' : `key version ${first.keyVersion}`;
  const among = looked === 1 ? '1 record' : `${looked} records`;
  return [
    `  ${first.type ?? 'no type'}, ${key}, ${first.bytes} bytes${first.problem === undefined ? '' : colours.red(`, cannot be read: ${first.problem}`)}`,
    `  in the log at ${first.position}`,
    ...writings
      .slice(1)
      .map(
        ({ position, keyVersion }) =>
          `  written again at ${position}${keyVersion === undefined ? '' : `, key version ${keyVersion}`}`,
      ),
    ...(writings.length > 1 ? [] : [`  written once among ${among} of the log`]),
    ...(first.recorded === undefined
      ? []
      : [`  recorded ${first.recorded}, occurred ${first.occurred ?? 'at no time that is told'}`]),
    `  from ${[first.source, first.client].filter(Boolean).join(' by ') || 'nobody that is told'}`,
    ...(first.requestId === undefined ? [] : [`  of the call ${first.requestId}`]),
  ];
}

const rowOf = (readModel: ReadModelFinding): string[] => [
  readModelName(readModel.service, readModel),
  readModel.rows.length === 0 ? 'none' : (readModel.shown?.state ?? 'there'),
  readModel.opens ? patientCell(readModel) : '',
  readingCell(readModel),
];

const patientCell = ({ patients }: ReadModelFinding): string =>
  patients.map(({ state }) => state).join(', ');

function readingCell({ partitions, verdict, product }: ReadModelFinding): string {
  const own = partitions.filter(({ topic }) => topic.startsWith(`${product}.`));
  const codes = own.flatMap(({ held, stops }) => [
    ...(held === null ? [] : [held.code]),
    ...stops.map(({ code }) => code),
  ]);
  if (codes.length > 0) return colours.red(`held: ${[...new Set(codes)].join(', ')}`);
  const behind = recordsBehind(own);
  if (behind === null) return 'the log does not answer';
  const isBefore = verdict?.state === 'behind' ? ', this one too' : '';
  return behind === 0 ? 'level' : `${behind} behind${isBefore}`;
}

/** Where readers of a service look. */
const screens: Record<OperatedService, string> = {
  measurements: 'In the search of measurements',
  'emergency-ward': "On the ward's screen",
};

export const isShown = ({ verdict }: ReadModelFinding): boolean =>
  verdict === undefined || verdict.state === 'shown' || verdict.state === 'retraction';

function verdictLines(readModel: ReadModelFinding): string[] {
  const { service, state, verdict } = readModel;
  if (verdict === undefined || state !== 'live') return [];
  const answer = isShown(readModel) ? colours.green('yes') : colours.red('no');
  const mend = verdict.mend === undefined ? '' : ` To do: ${verdict.mend}.`;
  return [`${screens[service]}: ${answer}. ${verdict.why}${mend}`];
}
