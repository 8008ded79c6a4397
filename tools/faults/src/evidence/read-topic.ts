import { randomUUID } from 'node:crypto';
import { kafkaProgram, type KafkaPrograms } from './kafka-program.ts';
import type { CheckpointSeen, RawRecord } from './evidence.ts';

/** A record with its value; the key, headers and value are as Kafka's own consumer gave them. */
export interface ReadRecord extends RawRecord {
  /** `ce_source` */
  readonly source: string;
  readonly value: Buffer;
}

/** The end of each partition of these topics, by Kafka's own program. */
export async function endsOf(
  programs: KafkaPrograms,
  topics: readonly string[],
): Promise<CheckpointSeen[]> {
  // It takes a regular expression; that a dot of a name stands for any character is seen to below.
  const printed = await kafkaProgram(programs, 'org.apache.kafka.tools.GetOffsetShell', [
    ...['--topic', topics.join('|')],
  ]);
  return [...printed.toString().matchAll(/^(.+):(\d+):(\d+)$/gm)]
    .map(([, topic = '', partition, next]) => ({
      topic,
      partition: Number(partition),
      next: Number(next),
    }))
    .filter(({ topic }) => topics.includes(topic));
}

/** A consumer that gets nothing for so long has read all that there is; the machine may be busy. */
const patienceMs = 20_000;

/**
 * Every record up to the ends given, read by Kafka's console consumer: a reader that shares no code with ours. Rejects
 * when the topic holds fewer.
 */
export async function readTopic(
  programs: KafkaPrograms,
  topic: string,
  ends: readonly CheckpointSeen[],
  silenceMs = patienceMs,
): Promise<ReadRecord[]> {
  const wanted = ends.reduce((sum, { next }) => sum + next, 0);
  if (wanted === 0) return [];
  // In no value, so that a record's bytes may hold anything.
  const separator = `\n${randomUUID()}\n`;
  const properties = {
    ...{ 'print.partition': true, 'print.offset': true, 'print.headers': true, 'print.key': true },
    'line.separator': separator,
  };
  const printed = await kafkaProgram(programs, 'org.apache.kafka.tools.consumer.ConsoleConsumer', [
    ...['--topic', topic, '--from-beginning', '--max-messages', String(wanted)],
    ...['--timeout-ms', String(silenceMs)],
    ...Object.entries(properties).flatMap(([name, value]) => [
      '--formatter-property',
      `${name}=${value}`,
    ]),
  ]);
  const records = [...recordsIn(printed, Buffer.from(separator), topic)];
  if (records.length !== wanted) {
    throw new Error(`${topic} should hold ${wanted} records, the consumer read ${records.length}`);
  }
  return records.sort((a, b) => a.partition - b.partition || a.offset - b.offset);
}

const tab = 0x09;

/** `Partition:0<tab>Offset:7<tab>headers<tab>key<tab>value<separator>`; what comes behind the last separator is no record. */
export function* recordsIn(
  printed: Buffer,
  separator: Buffer,
  topic: string,
): Generator<ReadRecord> {
  let at = 0;
  for (let end = printed.indexOf(separator); end !== -1; end = printed.indexOf(separator, at)) {
    yield recordOf(printed.subarray(at, end), topic);
    at = end + separator.length;
  }
}

function recordOf(line: Buffer, topic: string): ReadRecord {
  const fields: string[] = [];
  let at = 0;
  while (fields.length < 4) {
    const end = line.indexOf(tab, at);
    if (end === -1) throw new Error(`a line of the console consumer has ${fields.length} fields`);
    fields.push(line.toString('utf8', at, end));
    at = end + 1;
  }
  const [partition = '', offset = '', headers = '', key = ''] = fields;
  const named = new Map(
    headers.split(',').map((header): [string, string] => {
      const colon = header.indexOf(':');
      return [header.slice(0, colon), header.slice(colon + 1)];
    }),
  );
  return {
    topic,
    partition: Number(partition.replace('Partition:', '')),
    offset: Number(offset.replace('Offset:', '')),
    key,
    eventId: named.get('ce_id') ?? '',
    type: named.get('ce_type') ?? '',
    source: named.get('ce_source') ?? '',
    value: Buffer.from(line.subarray(at)),
  };
}
