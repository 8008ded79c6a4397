/** What a recording may bring about before its command, and name for those that come after. */
export interface RecordedMesh {
  readonly dataDir: string;
  /** Where commands are run, and their files lie. */
  readonly folder: string;
  /** Runs a command whose answer is JSON, beside the recording. */
  readonly ask: (...args: string[]) => Promise<unknown>;
  /** Names a value: it stands in later commands as `{name}`. */
  readonly name: (name: string, value: string) => void;
}

/** How the run of a command is recorded. A command is added to the page by one of these. */
export interface Recording {
  /** As it is typed; words with spaces stand in quotes. */
  readonly command: string;
  /** Brings about what the command is to show. */
  readonly given?: (mesh: RecordedMesh) => Promise<void>;
  /** Lines of the output that are shown; the rest is left out. */
  readonly lines?: number;
}
