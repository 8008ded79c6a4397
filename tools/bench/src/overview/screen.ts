import { keepAlivePool } from '../load/keep-alive-pool.ts';
import type { PeerOverview } from './peer-orders.ts';
import type { KnownPatient } from './population.ts';

/** What an answer holds of one series. */
export interface SeenSeries {
  readonly series: string;
  /** When the latest was measured. */
  readonly latestAt: string | undefined;
  readonly points: number;
}

/** Someone who asks for overviews, at whatever service answers. */
export interface Screen {
  /** Rejects unless an overview was answered. */
  ask(patient: KnownPatient): Promise<string>;
  /** What an answer tells, to be compared with what was loaded. */
  seen(answer: string): SeenSeries[];
  close(): Promise<void>;
}

interface WardOverview {
  readonly trends: readonly {
    readonly kind: string;
    readonly points: readonly { readonly measured: { readonly at: string } }[];
  }[];
}

const screenAt = (
  url: string,
  signal: AbortSignal,
  headersOf: (patient: KnownPatient) => Record<string, string>,
): Omit<Screen, 'seen'> => {
  const pool = keepAlivePool(url, signal);
  return {
    ask: async (patient) => {
      const headers = headersOf(patient);
      const answer = await pool.request({ method: 'GET', path: '/overview', headers });
      const text = await answer.body.text();
      if (answer.statusCode !== 200) throw new Error(`${answer.statusCode} ${text}`);
      return text;
    },
    close: () => pool.close(),
  };
};

export const wardScreen = (url: string, signal: AbortSignal): Screen => ({
  ...screenAt(url, signal, ({ nationalId }) => ({
    'samspill-client': 'ward-screen',
    'nhn-patient-nin': nationalId,
  })),
  seen: (answer) => {
    const { trends } = JSON.parse(answer) as WardOverview;
    return trends.map(({ kind, points }) => ({
      series: kind,
      latestAt: points.at(-1)?.measured.at,
      points: points.length,
    }));
  },
});

export const peerScreen = (url: string, signal: AbortSignal): Screen => ({
  ...screenAt(url, signal, ({ pseudonym }) => ({ patient: pseudonym })),
  seen: (answer) =>
    (JSON.parse(answer) as PeerOverview).series.map(({ series, points }) => ({
      series,
      latestAt: points.at(-1)?.at,
      points: points.length,
    })),
});
