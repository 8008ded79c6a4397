import { z } from 'zod';
import { addUp, failedOne, type Tally } from './tally.ts';

const vitestReport = z.object({
  success: z.boolean(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

type FileResult = z.infer<typeof vitestReport>['testResults'][number];

const tallyOfFile = (project: string, file: FileResult): Tally => {
  const named = (status: string): string[] =>
    file.assertionResults
      .filter((test) => test.status === status)
      .map(({ fullName }) => `${project}: ${fullName}`);
  const failed = named('failed');
  const passed = named('passed').length;
  const skipped = file.assertionResults.length - passed - failed.length;
  // The file could not be loaded, or what comes before or after its tests failed.
  if (file.status === 'failed' && failed.length === 0) {
    return { passed, skipped, failed: [`${project}: ${file.name} as a whole`] };
  }
  return { passed, skipped, failed };
};

/**
 * Adds up what vitest wrote about one project. No report, or one that cannot be read, counts as one failed: the
 * run ended before its end. So does a run without success in which no test failed (an error outside of tests).
 */
export const tallyOfReport = (project: string, text: string | undefined): Tally => {
  if (text === undefined) return failedOne(`${project}: ended without a report`);
  let report;
  try {
    report = vitestReport.parse(JSON.parse(text));
  } catch {
    return failedOne(`${project}: ended within its report`);
  }
  const tally = addUp(report.testResults.map((file) => tallyOfFile(project, file)));
  if (report.success || tally.failed.length > 0) return tally;
  return addUp([tally, failedOne(`${project}: an error outside of tests`)]);
};
