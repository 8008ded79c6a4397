import { within } from '@samspill/kernel';
import { Gauge, type Registry } from 'prom-client';
import { oneAtATime } from './one-at-a-time.ts';

/** A scrape waits no longer for a look; Prometheus itself gives up after 10 s unless told. */
const lookWithinMs = 4_000;

export interface AskedGauge<Seen, Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly Label[];
  readonly fill: (gauge: Gauge<Label>, seen: Seen) => void;
}

/**
 * Makes gauges that are filled from one look whenever the metrics are read. While what is looked at is away they have no
 * samples, and the rest of the page is there all the same.
 */
export function askedGauges<Seen>(
  registry: Registry,
  look: () => Promise<Seen>,
): <Label extends string>(about: AskedGauge<Seen, Label>) => void {
  // The gauges of one scrape ask at once, and one that is late is not asked again by the next scrape.
  const asked = oneAtATime(() => look().catch(() => undefined));
  return ({ name, help, labels, fill }) => {
    new Gauge({
      name,
      help,
      labelNames: labels,
      registers: [registry],
      async collect() {
        const seen = await within(lookWithinMs, asked());
        this.reset();
        if (seen !== undefined) fill(this, seen);
        // Without labels it would say 0.
        else if (labels.length === 0) this.remove();
      },
    });
  };
}
