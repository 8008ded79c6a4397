/** Where a record lies in the event log. Offsets are safe integers: 9e15 records a partition are out of reach. */
export interface Position {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** `<topic>:<partition>:<offset>` */
export const formatPosition = ({ topic, partition, offset }: Position): string =>
  `${topic}:${partition}:${offset}`;

/** Reads `<topic>:<partition>:<offset>`; undefined when the text is something else. */
export function parsePosition(text: string): Position | undefined {
  const match = /^([A-Za-z0-9._-]{1,249}):(\d{1,9}):(\d{1,15})$/.exec(text.trim());
  if (match?.[1] === undefined) return undefined;
  return { topic: match[1], partition: Number(match[2]), offset: Number(match[3]) };
}

/** The list form of the headers Samspill-Position and Samspill-After. */
export const formatPositions = (positions: readonly Position[]): string =>
  positions.map(formatPosition).join(', ');

/** Reads the list form; undefined when any element is malformed. */
export function parsePositions(text: string): Position[] | undefined {
  const positions = text.split(',').map(parsePosition);
  return positions.every((position) => position !== undefined) ? positions : undefined;
}
