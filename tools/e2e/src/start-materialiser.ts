import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { CrashSetting } from './crash-setting.ts';

const root = join(import.meta.dirname, '../../..');

/** Starts a crashing materialiser in a process of its own. */
export const startMaterialiser = (setting: CrashSetting): ChildProcess =>
  spawn(process.execPath, ['--import', 'tsx', 'tools/e2e/src/crashing-materialiser.ts'], {
    cwd: root,
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      TSX_TSCONFIG_PATH: join(root, 'tsconfig.base.json'),
      CRASH_SETTING: JSON.stringify(setting),
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
