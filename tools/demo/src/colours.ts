import picocolors from 'picocolors';

/** Colours where a terminal shows them; plain text in a pipe, also under CI, or with NO_COLOR. */
export const colours = picocolors.createColors(
  picocolors.isColorSupported && (process.stdout.isTTY || process.env['FORCE_COLOR'] !== undefined),
);
