import { spawn } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { MeshAddresses } from './mesh.setup.ts';

const checkout = join(import.meta.dirname, '../../..');

/** A folder in which lines of a shell are run, with `samspill` for the mesh of the suite. */
export interface CommandLine {
  write(file: string, content: string): Promise<void>;
  /** What the line says, standard error included. */
  run(line: string): Promise<string>;
  remove(): Promise<void>;
}

export async function commandLine(mesh: MeshAddresses): Promise<CommandLine> {
  const folder = await mkdtemp(join(tmpdir(), 'samspill-command-line-'));
  await symlink(mesh.dataDir, join(folder, '.samspill'));
  const program = join(checkout, 'apps/cli/src/main.ts');
  const define = `samspill() { "$NODE" --import ${import.meta.resolve('tsx')} ${program} --data-dir .samspill "$@"; }`;
  return {
    write: (file, content) => writeFile(join(folder, file), content),
    run: async (line) => {
      const child = spawn('bash', ['-c', `${define}; { ${line}; } 2>&1`], {
        cwd: folder,
        stdio: ['ignore', 'pipe', 'inherit'],
        env: {
          PATH: process.env['PATH'],
          NODE: process.execPath,
          TSX_TSCONFIG_PATH: join(checkout, 'tsconfig.base.json'),
        },
      });
      return text(child.stdout);
    },
    remove: () => rm(folder, { recursive: true }),
  };
}
