import { expect, it } from 'vitest';
import { recordsIn } from './read-topic.ts';

const separator = Buffer.from('\n--end--\n');
const line = (head: string, value: Buffer): Buffer =>
  Buffer.concat([Buffer.from(head), value, separator]);

it('a record is read with key, headers and every byte of its value', () => {
  const value = Buffer.from([0, 9, 10, 13, 255, 44, 58]);
  const head =
    'Partition:3\tOffset:41\tce_id:an-id,ce_type:samspill.a.B,ce_source:urn:samspill:1:a\tkey\t';
  expect([...recordsIn(line(head, value), separator, 'topic')]).toEqual([
    {
      ...{ topic: 'topic', partition: 3, offset: 41, key: 'key', eventId: 'an-id' },
      ...{ type: 'samspill.a.B', source: 'urn:samspill:1:a', value },
    },
  ]);
});

it('a record without an id is a record', () => {
  const head = 'Partition:0\tOffset:0\tNO_HEADERS\tnull\t';
  const [record] = recordsIn(line(head, Buffer.alloc(0)), separator, 'topic');
  expect(record).toMatchObject({ key: 'null', eventId: '', type: '' });
});

it('what comes behind the last separator is no record', () => {
  expect([...recordsIn(Buffer.from('Partition:0\tOff'), separator, 'topic')]).toEqual([]);
});

it('a line of another form is no record and is said to be none', () => {
  expect(() => [...recordsIn(line('Partition:0', Buffer.alloc(1)), separator, 'topic')]).toThrow(
    'a line of the console consumer has 0 fields',
  );
});
