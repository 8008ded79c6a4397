import { expect, it } from 'vitest';
import { normaliser } from './normalise.ts';
import { screenText } from './screen-text.ts';

const shown = (written: string): Promise<string> => screenText(written, 20);

it('a bar stands as it ended, without colours', async () => {
  expect(await shown('\u001b[32m10%\u001b[39m\r\u001b[2K100%\r\ndone\r\n')).toBe('100%\ndone');
});

it('lines that were drawn anew stand once', async () => {
  expect(await shown('- kafka\r\n- postgres\r\n\u001b[2A+ kafka\r\n+ postgres\r\n')).toBe(
    '+ kafka\n+ postgres',
  );
});

it('a line that is longer than the terminal is one line', async () => {
  const line = 'a line that the terminal cuts in three, and that is one';
  expect(await shown(`${line}\r\nanother\r\n`)).toBe(`${line}\nanother`);
});

it('times, ports, ids and places are ones that stay, as long as before, the same for the same', () => {
  const places = { dataDir: '/tmp/a/mesh', folder: '/tmp/a', checkout: '/opt/samspill' };
  const normalised = normaliser(places);
  const ward = '127.0.0.1:29808';
  const first = `${ward} 2026-11-24T17:54:52.225Z a4fa7f9e-7d40-8e2a-9f8e-0d4a4b1f6c11 Hh5F4VPIIExox1O5PWpukQ`;
  const shownFirst = normalised(first);
  expect(shownFirst).toBe(
    '127.0.0.1:20001 2026-03-08T12:00:00.000Z 00000000-0000-8000-8000-000000000001 PseudonymOfPatient-001',
  );
  expect(shownFirst.length).toBe(first.length);
  expect(normalised(`127.0.0.1:30001 ${ward}`)).toBe('127.0.0.1:20002 127.0.0.1:20001');
  expect(normalised('/tmp/a/mesh/logs in /tmp/a, bundle /tmp/a/b.json')).toBe(
    '/srv/samspill/.samspill/logs in /srv/samspill, bundle b.json',
  );
});
