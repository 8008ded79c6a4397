import { describe, expect, it } from 'vitest';
import { sparingLogger } from './sparing-logger.ts';

type Written = [level: string, fields: object, message: string];

const given = () => {
  const lines: Written[] = [];
  let now = 1_000;
  const write = (level: string) => (fields: object, message: string) =>
    void lines.push([level, fields, message]);
  const inner = {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
  };
  const logger = sparingLogger(inner, () => now);
  return { logger, lines, pass: (ms: number) => void (now += ms) };
};

describe('a sparing logger', () => {
  it('says a text once, repeats at debug, and after half a minute how many there were', () => {
    const { logger, lines, pass } = given();
    for (const partition of [0, 1, 2]) logger.warn({ partition }, 'rejected');
    pass(29_999);
    logger.warn({ partition: 3 }, 'rejected');
    pass(1);
    logger.warn({ partition: 4 }, 'rejected');
    expect(lines).toEqual([
      ['warn', { partition: 0 }, 'rejected'],
      ['debug', { partition: 1 }, 'rejected'],
      ['debug', { partition: 2 }, 'rejected'],
      ['debug', { partition: 3 }, 'rejected'],
      ['warn', { partition: 4, repeated: 3 }, 'rejected'],
    ]);
  });

  it('keeps other texts, other levels and plain information apart from it', () => {
    const { logger, lines } = given();
    logger.warn({}, 'one');
    logger.warn({}, 'other in 5 ms');
    logger.warn({}, 'other in 7.5 ms');
    logger.error({}, 'one');
    logger.info({}, 'told');
    logger.info({}, 'told');
    expect(lines.map(([level, , message]) => `${level} ${message}`)).toEqual([
      'warn one',
      'warn other in 5 ms',
      'debug other in 7.5 ms',
      'error one',
      'info told',
      'info told',
    ]);
  });
});
