// `npm test [-- PROJECT…]`: every check and test; the last line says how many passed and failed.
import { runTests } from './src/run-tests.ts';

process.exitCode = await runTests(process.argv.slice(2));
