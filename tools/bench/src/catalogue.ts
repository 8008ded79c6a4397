import { freshness } from './freshness/freshness.ts';
import { growth } from './growth/growth.ts';
import { idle } from './idle/idle.ts';
import { intake } from './intake/intake.ts';
import { materialise } from './materialise/materialise.ts';
import { overview } from './overview/overview.ts';
import { publish } from './publish/publish.ts';
import type { Benchmark } from './frame/benchmark.ts';

/** Every benchmark, in the order in which they run and are told. */
export const catalogue: readonly Benchmark[] = [
  materialise,
  freshness,
  publish,
  intake,
  overview,
  growth,
  idle,
];
