import { keepAlivePool } from '../load/keep-alive-pool.ts';

/** Where measurements are posted, and the topic that they come to. */
export interface Door {
  readonly url: string;
  readonly path: string;
  readonly topic: string;
}

/** A hub at a door. */
export function hubAt({ url, path }: Door, signal: AbortSignal, connections?: number) {
  const pool = keepAlivePool(url, signal, connections);
  const headers = { 'samspill-client': 'home-hub', 'content-type': 'application/fhir+json' };
  return {
    /** Rejects unless it was acknowledged as a new measurement. */
    post: async (body: Buffer): Promise<void> => {
      const answer = await pool.request({ method: 'POST', path, headers, body });
      const said = await answer.body.text();
      if (answer.statusCode !== 201) throw new Error(`${answer.statusCode} ${said}`);
    },
    close: () => pool.close(),
  };
}
