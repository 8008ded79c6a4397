/**
 * Joins parts so that no two lists of parts give the same bytes: each part is preceded by its length as a
 * 4-byte big-endian integer. Text is UTF-8.
 */
export function lengthPrefixed(parts: readonly (string | Uint8Array)[]): Buffer {
  const sizes = parts.map((part) =>
    typeof part === 'string' ? Buffer.byteLength(part) : part.length,
  );
  const joined = Buffer.allocUnsafe(sizes.reduce((sum, size) => sum + 4 + size, 0));
  let at = 0;
  parts.forEach((part, index) => {
    const size = sizes[index] ?? 0;
    at = joined.writeUInt32BE(size, at);
    if (typeof part === 'string') joined.write(part, at);
    else joined.set(part, at);
    at += size;
  });
  return joined;
}
