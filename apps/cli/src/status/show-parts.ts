import { colours, tableOf } from '../terminal.ts';
import type { MeshPart } from './mesh-parts.ts';

const columns = [
  { title: 'part' },
  { title: 'address', share: 1 },
  { title: 'process' },
  { title: 'health', share: 1 },
];

export const isWell = ({ health }: MeshPart): boolean => health === 'ready';

export const partsTable = (parts: readonly MeshPart[]): string =>
  tableOf(
    columns,
    parts.map((part) => {
      const paint = isWell(part) ? colours.green : colours.red;
      return [part.name, part.address, String(part.pid), paint(part.health)];
    }),
  );
