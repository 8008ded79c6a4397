import { SamspillError } from '@samspill/kernel';

/** A place that was looked at for Java. */
export interface JavaCandidate {
  /** How it was found: a setting, PATH, or a usual folder. */
  readonly origin: string;
  /** The `java` program. */
  readonly path: string;
  /** Major version; undefined where the program did not run. */
  readonly version: number | undefined;
}

/** Apicurio Registry 3.3 needs 21; Kafka 4.3 is content with 17. */
export const javaVersionMin = 21;

const fits = (candidate: JavaCandidate): boolean => (candidate.version ?? 0) >= javaVersionMin;

const describe = ({ origin, path, version }: JavaCandidate): string =>
  `${path} (${origin}): ${version === undefined ? 'does not run' : `Java ${version}`}`;

/** Major version out of what `java -version` prints: 25 of `"25.0.1"`, 8 of `"1.8.0_392"`. */
export const javaVersionIn = (printed: string): number | undefined => {
  const major = /version "(?:1\.)?(\d+)/.exec(printed)?.[1];
  return major === undefined ? undefined : Number(major);
};

/**
 * The newest runtime that fits; where SAMSPILL_JAVA is set, that one alone, since a setting that is passed over in
 * silence helps nobody. Raises JAVA_NOT_FOUND with all that was looked at and what to install.
 */
export const chooseJava = (candidates: readonly JavaCandidate[]): JavaCandidate => {
  const demanded = candidates.filter(({ origin }) => origin === 'SAMSPILL_JAVA');
  const [newest] = (demanded.length > 0 ? demanded : candidates)
    .filter(fits)
    .sort((a, b) => (b.version ?? 0) - (a.version ?? 0));
  if (newest !== undefined) return newest;
  const seen = candidates.length === 0 ? ['nothing'] : candidates.map(describe);
  throw new SamspillError('JAVA_NOT_FOUND', {
    place: `looked at ${seen.join('; ')}`,
    mend:
      (demanded.length > 0 ? 'point SAMSPILL_JAVA to a fitting one or unset it, or ' : '') +
      `install a Java runtime of version ${javaVersionMin} or later (for example from adoptium.net) and Maven; ` +
      'a running Docker engine would do instead of both',
  });
};
