import { colours, tableOf } from '../terminal.ts';
import { healthOf, isWell, type MeshPart } from './mesh-part.ts';

const columns = [
  { title: 'part' },
  { title: 'address', share: 1 },
  { title: 'process' },
  { title: 'health', share: 1 },
];

/** Where each part is, once and for all; {@link drawStatus} is for looking again. */
export const partsTable = (parts: readonly MeshPart[]): string =>
  tableOf(
    columns,
    parts.map((part) => {
      const paint = isWell(part) ? colours.green : colours.red;
      const { name, address, pid } = part;
      return [name, address, pid === null ? '' : String(pid), paint(healthOf(part))];
    }),
  );
