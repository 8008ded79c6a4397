import { z } from 'zod';

const settingValues = z.record(z.string(), z.union([z.string(), z.number()]));

const figure = z.object({
  name: z.string(),
  unit: z.string(),
  /** One a run. */
  samples: z.array(z.number()),
  min: z.number(),
  median: z.number(),
  max: z.number(),
});

const contenderResult = z.object({
  contender: z.string(),
  setting: settingValues,
  figures: z.array(figure),
  /** Why runs did not count: an error, or a check of what was written that did not hold. */
  failures: z.array(z.string()),
});

const judgedGoal = z.object({
  text: z.string(),
  /** Null where what it compares was not measured. */
  holds: z.boolean().nullable(),
  /** One for each setting in which both were measured. */
  found: z.array(
    z.object({
      setting: settingValues,
      holds: z.boolean(),
      value: z.number(),
      against: z.number().optional(),
      ratio: z.number().optional(),
    }),
  ),
});

/** What `results/NAME.json` holds. */
export const benchmarkResult = z.object({
  benchmark: z.string(),
  title: z.string(),
  asks: z.string(),
  date: z.iso.datetime(),
  commit: z.string(),
  /** True: the numbers say nothing. */
  quick: z.boolean(),
  runs: z.int(),
  seconds: z.number(),
  machine: z.object({
    cores: z.int(),
    processor: z.string(),
    memoryGiB: z.number(),
    kernel: z.string(),
  }),
  versions: z.record(z.string(), z.string()),
  setting: settingValues,
  contenders: z.array(contenderResult),
  goals: z.array(judgedGoal),
  notRun: z.record(z.string(), z.string()),
});

export type Figure = z.infer<typeof figure>;
export type ContenderResult = z.infer<typeof contenderResult>;
export type JudgedGoal = z.infer<typeof judgedGoal>;
export type BenchmarkResult = z.infer<typeof benchmarkResult>;
