import { serviceNames, type MeshStep } from '@samspill/testing';
import { Listr } from 'listr2';
import { colours, isTerminal } from '../terminal.ts';

const parts = ['kafka', 'postgres', 'registry', 'schemas', ...serviceNames] as const;

/** A line for each part, with a spinner where a terminal is. */
export interface StartProgress {
  show(step: MeshStep): void;
  /** All parts are up, or the start failed; resolves once the lines are drawn. */
  end(failed: boolean): Promise<void>;
}

/** Of the task behind a line, what is used of it. */
interface Line {
  title: string;
  skip(message: string): void;
}

/** @param silent shows nothing */
export function startProgress(silent: boolean): StartProgress {
  const waiting = new Map<string, { readonly line: Line; readonly end: () => void }>();
  const tasks = new Listr(
    parts.map((part) => ({
      title: part,
      task: (_context: unknown, line: Line) =>
        new Promise<void>((end) => waiting.set(part, { line, end })),
    })),
    {
      concurrent: true,
      // It would end the process by itself, with a code of its own.
      registerSignalListeners: false,
      renderer: silent ? 'silent' : isTerminal() ? 'default' : 'simple',
    },
  );
  const drawn = tasks.run();
  return {
    show: ({ part, ...step }) => {
      const open = waiting.get(part);
      if (open === undefined) return;
      if (step.state === 'starting') open.line.title = part;
      else if (step.state === 'downloading') {
        open.line.title = `${part} ${colours.dim('downloading, this first time')}`;
      } else if (step.state === 'ready') {
        open.line.title = `${part} ${colours.dim(`${(step.ms / 1000).toFixed(1)} s`)}`;
        open.end();
        waiting.delete(part);
      }
    },
    end: async (failed) => {
      for (const [part, { line, end }] of waiting) {
        if (failed) line.skip(`${part} not started`);
        // A stack that was found needs no start and says nothing.
        else line.title = `${part} ${colours.dim('found')}`;
        end();
      }
      await drawn;
    },
  };
}
