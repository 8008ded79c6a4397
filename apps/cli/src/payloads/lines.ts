const newline = 0x0a;

/**
 * The lines of a stream as they are, each with its end, so that put together they are the stream. What of a line lies
 * beyond `bytesMax` and one more is left out.
 */
export async function* linesOf(
  input: AsyncIterable<Buffer>,
  bytesMax: number,
): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let bytes = 0;
  const keep = (part: Buffer): void => {
    const kept = part.subarray(0, Math.max(0, bytesMax + 1 - bytes));
    bytes += kept.length;
    if (kept.length > 0) parts.push(kept);
  };
  for await (const chunk of input) {
    let from = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, from)) {
      keep(chunk.subarray(from, end + 1));
      yield Buffer.concat(parts);
      [parts, bytes, from] = [[], 0, end + 1];
    }
    keep(chunk.subarray(from));
  }
  if (parts.length > 0) yield Buffer.concat(parts);
}
