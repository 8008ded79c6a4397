import { serviceNames, type MeshStep } from '@samspill/testing';
import { Listr } from 'listr2';
import { colours, isTerminal } from '../terminal.ts';

const parts = ['kafka', 'postgres', 'registry', 'schemas', ...serviceNames] as const;

/** A line for each part that starts, with a spinner where a terminal is. */
export interface StartProgress {
  show(step: MeshStep): void;
  /** All parts are up, or the start failed; resolves once the lines are drawn. */
  end(failed: boolean): Promise<void>;
}

export function startProgress(): StartProgress {
  const waiting = new Map<
    string,
    { resolve: (took: string) => void; reject: (why: Error) => void }
  >();
  const tasks = new Listr(
    parts.map((part) => ({
      title: part,
      task: async (_context: unknown, task: { title: string }) => {
        const took = await new Promise<string>((resolve, reject) => {
          waiting.set(part, { resolve, reject });
        });
        task.title = `${part} ${colours.dim(took)}`;
      },
    })),
    {
      concurrent: true,
      exitOnError: false,
      // It would end the process by itself, with a code of its own.
      registerSignalListeners: false,
      renderer: isTerminal() ? 'default' : 'simple',
      rendererOptions: { collapseErrors: true },
    },
  );
  const drawn = tasks.run().catch(() => undefined);
  const settle = (part: string, took: string): void => {
    waiting.get(part)?.resolve(took);
    waiting.delete(part);
  };
  return {
    show: (step) => {
      if (step.state === 'ready') settle(step.part, `${(step.ms / 1000).toFixed(1)} s`);
    },
    end: async (failed) => {
      for (const [part, { reject }] of waiting) {
        // A stack that was found needs no start and says nothing.
        if (failed) reject(new Error('not started'));
        else settle(part, 'found');
      }
      await drawn;
    },
  };
}
