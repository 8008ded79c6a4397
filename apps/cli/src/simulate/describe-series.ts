import { createHash } from 'node:crypto';
import type { HomeBundle } from '@samspill/testing';

/** A series before it is posted. */
export interface SeriesDescription {
  readonly bundles: number;
  readonly measurements: number;
  /** First and last round, FHIR dateTime; undefined when nothing is in it. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** SHA-256 of all bodies: two runs that post the same show the same. */
  readonly digest: string;
}

/** Goes through a series without keeping it. */
export function describeSeries(series: Iterable<HomeBundle>): SeriesDescription {
  const hash = createHash('sha256');
  let bundles = 0;
  let measurements = 0;
  let from: string | undefined;
  let to: string | undefined;
  for (const bundle of series) {
    hash.update(bundle.body);
    bundles += 1;
    measurements += bundle.measurements;
    if (from === undefined || bundle.at < from) from = bundle.at;
    if (to === undefined || bundle.at > to) to = bundle.at;
  }
  return { bundles, measurements, from, to, digest: hash.digest('hex') };
}
