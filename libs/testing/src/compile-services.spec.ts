import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileServices } from './compile-services.ts';
import { serviceNames } from './mesh-services.ts';

describe('the translated services', () => {
  it('are the same files for the same sources, also where two translate at once', async () => {
    const [one, other] = await Promise.all([compileServices(), compileServices()]);
    expect(Object.keys(one)).toEqual([...serviceNames]);
    expect(other).toEqual(one);
    expect(await compileServices()).toEqual(one);
  });

  it('load what they need only now and then when they need it', async () => {
    const folder = dirname((await compileServices())['emergency-ward']);
    const programs = (await readdir(folder)).filter((name) => name.endsWith('.mjs'));
    const texts = await Promise.all(
      programs.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const),
    );
    const loadsExporter = texts.filter(([, text]) =>
      text.includes('from "@opentelemetry/sdk-trace"'),
    );
    const tracing = loadsExporter.map(([name]) => name);
    expect(tracing).toHaveLength(1);
    const loadsTracing = texts.filter(([, text]) => text.includes(`from "./${tracing[0]}"`));
    expect(loadsTracing).toEqual([]);
  });
});
