import { describe, expect, it } from 'vitest';
import { chooseJava, javaVersionIn, type JavaCandidate } from './java-choice.ts';

const java = (
  version: number | undefined,
  path = `/jvm/${version ?? 'broken'}`,
  origin = 'usual folder',
): JavaCandidate => ({ origin, path, version });

describe('the version in what java -version prints', () => {
  it.each([
    ['openjdk version "25" 2025-09-16', 25],
    ['openjdk version "21.0.8" 2025-07-15 LTS', 21],
    ['java version "1.8.0_392"', 8],
    ['openjdk version "26-ea" 2026-03-17', 26],
    ['Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version "17.0.15" 2025-04-15', 17],
    ['sh: java: not found', undefined],
  ])('of %j is %s', (printed, version) => {
    expect(javaVersionIn(printed)).toBe(version);
  });
});

describe('the choice of Java', () => {
  it('is the newest that fits', () => {
    expect(chooseJava([java(17), java(21), java(25), java(undefined)]).version).toBe(25);
  });

  it('takes 21, the oldest that fits', () => {
    expect(chooseJava([java(17), java(21)]).version).toBe(21);
  });

  it('is what SAMSPILL_JAVA names, even where a newer one is there', () => {
    const demanded = java(21, '/own/java', 'SAMSPILL_JAVA');
    expect(chooseJava([demanded, java(25)])).toBe(demanded);
  });

  it('is refused where SAMSPILL_JAVA names one that is too old, with both ways out', () => {
    const demanded = java(17, '/own/java', 'SAMSPILL_JAVA');
    expect(() => chooseJava([demanded, java(25)])).toThrow(
      /JAVA_NOT_FOUND.*\/own\/java \(SAMSPILL_JAVA\): Java 17.*unset it/s,
    );
  });

  it('is refused where none fits, naming each that was looked at and what to install', () => {
    const candidates = [java(17, '/usr/bin/java', 'PATH'), java(undefined, '/jvm/x/bin/java')];
    expect(() => chooseJava(candidates)).toThrow(
      /\/usr\/bin\/java \(PATH\): Java 17; \/jvm\/x\/bin\/java \(usual folder\): does not run.*install a Java runtime of version 21.*Maven.*Docker/s,
    );
  });

  it('is refused where there is none at all', () => {
    expect(() => chooseJava([])).toThrow(/JAVA_NOT_FOUND: looked at nothing/);
  });
});
