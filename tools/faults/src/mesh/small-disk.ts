import { execFile } from 'node:child_process';
import { appendFileSync, rmSync } from 'node:fs';
import { mkdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ServerPlan } from '@samspill/local-stack';
import type { BrokerName, FaultMesh } from './fault-mesh.ts';

const run = promisify(execFile);

/** Far more than a broker writes in an hour of faults; what is filled takes no room outside. */
const sizeMb = 2_048;

/** `$0`: the image; `$1`: the folder of the broker, of which the image holds a copy. */
const mount =
  'mount -o loop "$0" "$1/disk" && mount --bind "$1/disk/data" "$1/data" && rm -f "$1/disk/filler"';

/**
 * Moves a broker, formatted and not yet started, to a disk of its own. It is mounted in a name space that only the process
 * of the broker is in, so that nothing of it is left when that ends, whatever way. Rejects where the machine does not allow
 * it: that takes Linux, root and loop devices. `pid`: of the broker, while it runs.
 */
export async function onSmallDisk(
  plan: ServerPlan<BrokerName>,
  pid: () => number | undefined,
): Promise<{ plan: ServerPlan<BrokerName>; disk: Exclude<FaultMesh['smallDisk'], string> }> {
  const folder = plan.cwd;
  const image = `${folder}.image`;
  await mkdir(join(folder, 'disk'));
  await run('mkfs.ext4', ['-q', '-m', '0', '-d', folder, image, `${sizeMb}M`]);
  const inside = (script: string, args: readonly string[]): string[] => [
    ...['--mount', '--propagation', 'private', 'sh', '-c', `${mount} && ${script}`],
    ...[image, folder, ...args],
  ];
  await run('unshare', inside('true', []));
  const seen = (name: string): string => {
    const running = pid();
    if (running === undefined) throw new Error(`${plan.part} does not run`);
    return join(`/proc/${running}/root`, folder, name);
  };
  return {
    plan: {
      ...plan,
      command: 'unshare',
      args: inside('shift && exec "$@"', [plan.command, ...plan.args]),
    },
    disk: {
      broker: plan.part,
      logFolder: () => seen('data'),
      fill: async () => {
        const filler = seen('disk/filler');
        const { bfree, bsize } = await statfs(seen('disk'));
        // Fails at the last block, and keeps what it got.
        await run('fallocate', ['-l', String(bfree * bsize), filler]).catch(() => undefined);
        try {
          for (;;) appendFileSync(filler, Buffer.alloc(bsize));
        } catch {
          // Not one block is left.
        }
      },
      free: () => rmSync(seen('disk/filler'), { force: true }),
    },
  };
}
