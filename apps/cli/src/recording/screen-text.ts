import headless from '@xterm/headless';

/** What stands on a terminal of that width after a program wrote to it, without colours: bars and spinners as they ended. */
export async function screenText(written: string, columns: number): Promise<string> {
  const terminal = new headless.Terminal({
    cols: columns,
    rows: 50,
    scrollback: 5_000,
    allowProposedApi: true,
  });
  await new Promise<void>((resolve) => terminal.write(written, resolve));
  const rows = Array.from({ length: terminal.buffer.active.length }, (_, at) =>
    terminal.buffer.active.getLine(at),
  );
  // What a program wrote as one line is one line here, as when it is copied from a terminal.
  const text = rows.map((row, at) => {
    const isCut = rows[at + 1]?.isWrapped === true;
    return `${row?.translateToString(!isCut) ?? ''}${isCut ? '' : '\n'}`;
  });
  terminal.dispose();
  return text.join('').trimEnd();
}
