/** One part of the mesh, as it is now. */
export interface MeshPart {
  readonly name: string;
  readonly kind: 'server' | 'service';
  /** Without its password. */
  readonly address: string;
  /** Of the process, where samspill up started it. */
  readonly pid: number | null;
  readonly health: 'ready' | 'not ready' | 'not live' | 'no answer' | 'stopped';
  /** What it lacks, in its own words. */
  readonly lacks: readonly string[];
  /** The newest error in its log that has a code; known of what samspill up started. */
  readonly lastError: LastError | null;
}

export interface LastError {
  readonly code: string;
  /** ISO 8601 */
  readonly at: string;
}

export const isWell = ({ health }: MeshPart): boolean => health === 'ready';

/** `not ready: database` */
export const healthOf = ({ health, lacks }: Pick<MeshPart, 'health' | 'lacks'>): string =>
  lacks.length === 0 ? health : `${health}: ${lacks.join(', ')}`;
