import { lagBlock, troubleBlock } from '../lag/show-lag.ts';
import { troubleLines, troublesOf } from '../lag/troubles.ts';
import { cutTo, lengthOf, plainTable } from '../screen/plain-table.ts';
import { blockOf, shareRows } from '../screen/share-rows.ts';
import { colours } from '../terminal.ts';
import { healthOf, isWell, type MeshPart } from './mesh-part.ts';
import { isAway, isHeld, type MeshStatus } from './mesh-status.ts';

const partColumns = [
  { title: 'part' },
  { title: 'health', least: 30 },
  { title: 'last error', importance: 3 },
  { title: 'address', importance: 2 },
  { title: 'process', importance: 1 },
];

/**
 * The mesh on one screen. Where it is too small the least important columns go first, then rows of what is well.
 * @param note what stands at the right of the first line
 */
export function drawStatus(
  status: MeshStatus,
  { columns, rows }: { readonly columns: number; readonly rows: number },
  note = '',
): string[] {
  const parts = plainTable(partColumns, status.parts.map(partRow), columns);
  const troubles = [...status.unasked, ...status.lag.flatMap(troubleLines)];
  const blocks = [
    blockOf(parts, status.parts.map(isWell)),
    lagBlock(status.lag, columns),
    troubleBlock(troubles, columns),
  ];
  return [headLine(status, note, columns), ...shareRows(blocks, rows - 1)];
}

function partRow(part: MeshPart): string[] {
  const paint = isWell(part) ? colours.green : colours.red;
  const { lastError, pid } = part;
  const error = lastError === null ? '' : `${lastError.code} ${lastError.at.slice(11, 19)}`;
  return [part.name, paint(healthOf(part)), error, part.address, pid === null ? '' : String(pid)];
}

function headLine(status: MeshStatus, note: string, columns: number): string {
  const left = `${colours.dim(`${status.at.slice(0, 19)}Z`)}  ${summaryOf(status)}`;
  const room = columns - lengthOf(left) - note.length;
  if (note === '' || room < 2) return cutTo(left, columns);
  return left + ' '.repeat(room) + colours.dim(note);
}

/** In one line: all is well, or what is not. */
function summaryOf(status: MeshStatus): string {
  const { parts, lag, unasked } = status;
  if (parts.length === 0) return colours.red('the mesh is down; start it by samspill up');
  const readModels = lag.flatMap((one) => one.readModels);
  const parked = readModels.reduce((sum, { gates }) => sum + gates.parked, 0);
  const standing = readModels.filter((one) => troublesOf(one).length > 0).length;
  const wrong = [
    ...counted(parts.filter((part) => !isWell(part)).length, `of ${parts.length} parts not ready`),
    ...counted(standing, standing === 1 ? 'read model stands' : 'read models stand'),
    ...counted(parked, 'parked'),
    ...counted(unasked.length, 'without an answer about lag'),
  ];
  if (wrong.length === 0) return colours.green('all is well');
  const paint = isAway(status) || isHeld(status) ? colours.red : colours.yellow;
  return paint(wrong.join(', '));
}

const counted = (count: number, what: string): string[] =>
  count === 0 ? [] : [`${count} ${what}`];
