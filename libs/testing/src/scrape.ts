/** One line of `/metrics`. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What the service tells Prometheus now. Rejects when it does not answer in the 10 s after which Prometheus gives up. */
export async function scrape(serviceUrl: string): Promise<Sample[]> {
  const answer = await fetch(`${serviceUrl}/metrics`, { signal: AbortSignal.timeout(10_000) });
  if (!answer.ok) throw new Error(`${serviceUrl}/metrics answered ${answer.status}`);
  return parseSamples(await answer.text());
}

/** Reads the text format of Prometheus, version 0.0.4; comments, HELP and TYPE are passed over. */
export const parseSamples = (page: string): Sample[] =>
  [...page.matchAll(/^([\w:]+)(?:\{(.*)\})? (\S+)$/gm)].map(
    ([, name = '', inside = '', value]) => ({
      name,
      labels: Object.fromEntries(
        [...inside.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label = '', text = '']) => [
          label,
          text.replaceAll(/\\(.)/g, (_, sign: string) => (sign === 'n' ? '\n' : sign)),
        ]),
      ),
      value: value === 'Nan' ? NaN : Number(value?.replace('Inf', 'Infinity')),
    }),
  );
