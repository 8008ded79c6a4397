import { Option } from 'commander';
import { momentOrAgo } from '../option-values.ts';

/** From when on the log is looked through. */
export type Since = Date | 'beginning';

export const sinceOption = (): Option =>
  new Option(
    '--since <time>',
    'look through the log from then on: a time, 15m, 2h, 3d ago, or beginning',
  )
    .argParser((text) => (text === 'beginning' ? text : momentOrAgo(text)))
    .default(momentOrAgo('1d'), '1d');
