import Table from 'cli-table3';
import { colours } from './colours.ts';

/** What the view shows of `GET /overview`; the whole form is in the page of apps/emergency-ward. */
export interface WardOverview {
  readonly asOf: string;
  readonly vitalSigns: readonly VitalSign[];
  readonly news2: VitalSign | null;
  readonly trends: readonly {
    readonly name: string;
    readonly component: string | null;
    readonly unit: string;
    readonly points: readonly { readonly normalised: string | null }[];
  }[];
  readonly retracted: readonly { readonly reason: string }[];
  readonly readModel: { readonly lagRecords: number | null };
}

interface Measured {
  readonly name: string;
  readonly value: { readonly text: string; readonly unit: string | null } | null;
  readonly missing: string | null;
  readonly ranges: readonly { readonly low: string | null; readonly high: string | null }[];
  readonly outOfRange: string;
}

interface VitalSign extends Measured {
  readonly preliminary: boolean;
  readonly measured: { readonly ageSeconds: number };
  readonly source: { readonly organisation: string };
  readonly components: readonly Measured[];
  readonly versions: number;
}

const noFrame = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ left: '', 'left-mid': '', right: '', 'right-mid': '' },
  ...{ mid: '', 'mid-mid': '', middle: '  ' },
};

/** The ward's screen in a terminal: out of range first, as the service orders it. */
export function wardView(overview: WardOverview): string {
  const table = new Table({
    head: ['measurement', 'value', 'range sent', 'measured', 'remark'].map(colours.bold),
    // No frame, so that it fits 80 columns, and none of its own colours, which are there without a terminal too.
    chars: noFrame,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  for (const sign of overview.vitalSigns) table.push(rowOf(sign));
  const lines = [table.toString()];
  if (overview.news2 !== null) lines.push(news2Line(overview.news2));
  lines.push(...overview.trends.filter(({ points }) => points.length > 1).map(trendLine));
  if (overview.retracted.length > 0) {
    lines.push(
      `taken back by their source: ${overview.retracted.map(({ reason }) => reason).join(', ')}`,
    );
  }
  lines.push(colours.dim(lagLine(overview.readModel.lagRecords)));
  return lines.join('\n');
}

const rowOf = (sign: VitalSign): string[] => [
  sign.name,
  sign.components.length > 0 ? sign.components.map(valueOf).join('\n') : valueOf(sign),
  sign.components.length > 0 ? sign.components.map(rangeOf).join('\n') : rangeOf(sign),
  ageOf(sign.measured.ageSeconds),
  [
    ...(sign.preliminary ? ['preliminary'] : []),
    ...(sign.versions > 1 ? [`version ${sign.versions}`] : []),
  ].join(', '),
];

const paint: Partial<Record<string, (text: string) => string>> = {
  low: colours.red,
  high: colours.red,
};

function valueOf({ value, missing, outOfRange }: Measured): string {
  if (value === null) return colours.yellow(`missing: ${missing ?? 'no reason sent'}`);
  const text = `${value.text} ${value.unit ?? ''}`.trim();
  return paint[outOfRange]?.(`${text} (${outOfRange})`) ?? text;
}

const rangeOf = ({ ranges }: Measured): string =>
  ranges.map(({ low, high }) => `${low ?? ''} – ${high ?? ''}`).join(', ');

const news2Line = (news2: VitalSign): string =>
  `NEWS2 as received: ${colours.bold(news2.value?.text ?? '?')} (${news2.components
    .map(({ name, value }) => `${name} ${value?.text ?? '?'}`)
    .join(', ')})`;

/** A reader who waited for a write sees that write, while others may still be on their way. */
function lagLine(records: number | null): string {
  if (records === null) return 'how far the read model is behind the log is not known';
  if (records === 0) return 'the read model holds all of the log';
  return `the read model holds that write; ${records} others of the log are on their way to it`;
}

const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

function trendLine({ name, component, unit, points }: WardOverview['trends'][number]): string {
  const values = points.flatMap(({ normalised }) =>
    normalised === null ? [] : [Number(normalised)],
  );
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const line = values
    .map((value) => bars[Math.round(((value - low) / (high - low || 1)) * 7)])
    .join('');
  const title = [name, component].filter(Boolean).join(', ');
  return `${title.padEnd(44)} ${colours.cyan(line)} ${low} to ${high} ${unit}`.trimEnd();
}

function ageOf(seconds: number): string {
  if (seconds < 90) return `${seconds} s ago`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h ago`;
  return `${Math.round(seconds / 86_400)} days ago`;
}
