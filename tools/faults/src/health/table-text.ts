import type { ServiceName } from '@samspill/testing';
import { healthTable, type HealthRow } from './health-table.ts';

/** The table as tools/docs/health.md shows it. */
export const tableText = (): string =>
  [
    ['fault', 'key vault', 'intake', 'ward', 'since'],
    ['---', '---', '---', '---', '---'],
    ...healthTable.map((row) => [
      `${row.what}${row.isSilent ? ', itself silent' : ''}: ${row.faults.map(quoted).join(', ')}`,
      said(row, 'key-vault'),
      said(row, 'measurements'),
      said(row, 'emergency-ward'),
      row.why,
    ]),
  ]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');

function said({ lacks, untilOthersLead }: HealthRow, service: ServiceName): string {
  const now = lacks[service] ?? [];
  const before = untilOthersLead?.[service];
  const told = now.length === 0 ? 'ready' : `lacks ${now.map(quoted).join(', ')}`;
  return before === undefined ? told : `lacks ${before.map(quoted).join(', ')}, then ${told}`;
}

const quoted = (name: string): string => `\`${name}\``;
