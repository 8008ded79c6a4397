import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ok, problem, warning, type Check } from '../check.ts';

const run = promisify(execFile);
/** Kafka keeps the files of every partition open, and a connection is a file too. */
const comfortable = 4_096;
const least = 1_024;

/**
 * How many files a process may have open.
 * @param atMost a lower limit to look under, in place of that of this process
 */
export const openFilesCheck = (atMost?: number): Check => ({
  name: 'open files',
  group: 'machine',
  look: async () => {
    const lower = atMost === undefined ? '' : `ulimit -n ${atMost}; `;
    const said = (await run('sh', ['-c', `${lower}ulimit -n`])).stdout.trim();
    const limit = said === 'unlimited' ? Infinity : Number(said);
    const what = `${said} a process`;
    if (limit >= comfortable) return [ok(what)];
    const mend = `ulimit -n ${comfortable} before samspill up, or a higher limit in limits.conf(5)`;
    return [limit < least ? problem(what, mend) : warning(what, mend)];
  },
});
