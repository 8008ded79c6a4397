import { measuredAtMs } from './patient-rows.ts';
import type { KnownPatient, Population } from './population.ts';
import { rowForms } from './row-forms.ts';
import type { Screen, SeenSeries } from './screen.ts';

const pointsMax = 100;

/** Rejects unless the answers about these patients hold every series that was loaded, up to its latest measurement. */
export async function assertAsLoaded(
  screen: Screen,
  heavy: readonly KnownPatient[],
  population: Population,
): Promise<void> {
  const expected = expectedSeries(population);
  for (const patient of heavy) {
    const seen = screen.seen(await screen.ask(patient));
    const isSame = ({ series, latestAt, points }: SeenSeries): boolean =>
      expected.get(series)?.latestAt === latestAt && expected.get(series)?.points === points;
    const missing = [...expected.keys()].filter(
      (series) => !seen.some((one) => one.series === series),
    );
    const wrong = seen.filter((one) => !isSame(one));
    if (missing.length > 0 || wrong.length > 0) {
      throw new Error(`an answer lacks ${missing.join(', ')}; wrong: ${JSON.stringify(wrong)}`);
    }
  }
}

function expectedSeries({ rowsOfHeavy: rows }: Population): Map<string, SeenSeries> {
  const forms = rowForms();
  const expected = new Map<string, SeenSeries>();
  for (let row = rows - 1; row >= 0; row -= 1) {
    const series = forms[row % forms.length]?.series ?? '';
    const latestAt = new Date(measuredAtMs(row, rows)).toISOString();
    const known = expected.get(series) ?? { series, latestAt, points: 0 };
    expected.set(series, { ...known, points: Math.min(pointsMax, known.points + 1) });
  }
  return expected;
}
