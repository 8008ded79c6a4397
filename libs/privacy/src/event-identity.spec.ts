import { isEventId } from '@samspill/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentMarkOf, eventIdOf, naturalKeyOf, resourceIdOf } from './event-identity.ts';

const indexKey = Buffer.alloc(32, 1);
const naturalKey = naturalKeyOf(indexKey, '310000019', ['urn:uuid', 'a']);
const markOf = (value: string): string => contentMarkOf(indexKey, `{"value":${value}}`);
const idOf = (value: string, replaces?: ReturnType<typeof eventIdOf>) =>
  eventIdOf(indexKey, {
    organisation: '310000019',
    naturalKey,
    contentMark: markOf(value),
    replaces,
  });

describe('the name of a fact', () => {
  it('is the same event when it is sent again', () => {
    expect(idOf('85')).toBe(idOf('85'));
    expect(isEventId(idOf('85'))).toBe(true);
  });

  it('is three events when 85 becomes 86 and 85 again', () => {
    const first = idOf('85');
    const second = idOf('86', first);
    const third = idOf('85', second);
    expect(new Set([first, second, third]).size).toBe(3);
  });

  it('is golden, since the log holds it for ever', () => {
    expect([naturalKey, markOf('85'), idOf('85'), resourceIdOf(indexKey, '310000019', naturalKey)])
      .toMatchInlineSnapshot(`
      [
        "Et2EIFtcvDRlWBjN347ZzoLnuF1t3F6iowgKhMmw4tA",
        "Itd3vgjx2V_huyYmcUVdd9ChEEWymcVCJCGpKdqd3PE",
        "7bbddb6e-a346-81c7-b359-b75b0fd10a26",
        "3bd9f292-b0b3-8945-b356-bdfd06c3c1ee",
      ]
    `);
  });

  it('differs between products, organisations and purposes', () => {
    const names = [
      naturalKey,
      naturalKeyOf(Buffer.alloc(32, 2), '310000019', ['urn:uuid', 'a']),
      naturalKeyOf(indexKey, '310000027', ['urn:uuid', 'a']),
      contentMarkOf(indexKey, 'urn:uuid'),
      naturalKeyOf(indexKey, 'urn:uuid', []),
      resourceIdOf(indexKey, '310000019', naturalKey),
      resourceIdOf(indexKey, '310000027', naturalKey),
    ];
    expect(new Set(names).size).toBe(names.length);
  });

  it('is never shared by two lists of parts, however they are cut', () => {
    const parts = fc.array(fc.string(), { maxLength: 4 });
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        const isSame = JSON.stringify(one) === JSON.stringify(other);
        const [first, second] = [one, other].map((list) => naturalKeyOf(indexKey, 'o', list));
        expect(first === second).toBe(isSame);
      }),
    );
    expect(naturalKeyOf(indexKey, 'o', ['ab', 'c'])).not.toBe(
      naturalKeyOf(indexKey, 'o', ['a', 'bc']),
    );
  });
});
