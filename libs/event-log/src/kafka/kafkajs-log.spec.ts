import { logLevel } from 'kafkajs';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { kafkajsLog, type EventLogLogger } from './kafkajs-log.ts';

type Written = [level: string, fields: Record<string, unknown>, message: string];

const written = (
  level: logLevel,
  message: string,
  extra: Record<string, unknown> = {},
): Written => {
  const lines: Written[] = [];
  const writer = (name: string) => (fields: Record<string, unknown>, text: string) => {
    lines.push([name, fields, text]);
  };
  const logger: EventLogLogger = {
    debug: writer('debug'),
    info: writer('info'),
    warn: writer('warn'),
    error: writer('error'),
  };
  const log = { timestamp: '', message, ...extra };
  kafkajsLog(logger)(logLevel.INFO)({ namespace: 'Runner', level, label: '', log });
  const [line] = lines;
  if (line === undefined) throw new Error('nothing was written');
  return line;
};

describe('the log of kafkajs', () => {
  it('keeps its level', () => {
    expect(written(logLevel.ERROR, 'Connection timeout')[0]).toBe('error');
    expect(written(logLevel.WARN, 'Something odd')[0]).toBe('warn');
  });

  it.each([
    [logLevel.ERROR, 'The group is rebalancing, re-joining'],
    [logLevel.ERROR, 'The coordinator is not aware of this member, re-joining the group'],
    [logLevel.ERROR, 'Response Heartbeat(key: 12, version: 3)'],
    [logLevel.INFO, 'Pausing fetching from 1 topics'],
    [logLevel.INFO, 'Consumer has joined the group'],
  ])('says %s %s at debug', (level, message) => {
    expect(written(level, message)[0]).toBe('debug');
  });

  it('passes on what locates the matter and nothing that could hold content', () => {
    const extra = {
      topic: 'a.b.v1',
      partition: 2,
      error: 'value 85',
      stack: 'at x',
      message_: 'm',
    };
    expect(written(logLevel.ERROR, 'Crash', extra)[1]).toEqual({
      kafkajs: 'Runner',
      topic: 'a.b.v1',
      partition: 2,
    });
  });

  it('writes by pino, whose methods need their object', () => {
    const lines: string[] = [];
    const logger = pino({ level: 'debug' }, { write: (line) => void lines.push(line) });
    const log = { timestamp: '', message: 'Connection timeout' };
    kafkajsLog(logger)(logLevel.INFO)({ namespace: 'x', level: logLevel.ERROR, label: '', log });
    expect(lines).toEqual([expect.stringContaining('"msg":"Connection timeout"')]);
  });
});
