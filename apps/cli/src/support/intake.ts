import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

/** Answers one post: a status for each entry, one for the whole body, or a body that is cut. `post` counts from 1. */
export type Intake = (
  fullUrls: readonly string[],
  post: number,
  body: string,
) => readonly string[] | number | 'cut';

/** Of the entries of a Bundle; of an Observation by itself the value of its identifier. */
export function fullUrlsIn(body: string): string[] {
  const { entry, identifier = [] } = JSON.parse(body) as {
    entry?: { fullUrl: string }[];
    identifier?: { value: string }[];
  };
  return entry === undefined
    ? identifier.map(({ value }) => value)
    : entry.map(({ fullUrl }) => fullUrl);
}

/** A server that answers as an intake of measurements does, so that a test can choose its moods. */
export async function startIntake(answers: Intake) {
  /** The fullUrls of each post, in the order of arrival. */
  const posts: string[][] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      if (request.method !== 'POST') {
        response.end();
        return;
      }
      const fullUrls = fullUrlsIn(body);
      posts.push(fullUrls);
      const answer = answers(fullUrls, posts.length, body);
      if (answer === 'cut') {
        response.end('{"entry":[');
        return;
      }
      const isBundle = request.url === '/';
      const whole = typeof answer === 'number' ? answer : isBundle ? 200 : Number(answer[0]);
      const entry = typeof answer === 'number' ? [] : answer;
      response.writeHead(whole, {
        'content-type': 'application/fhir+json',
        'retry-after': '0',
        'nhn-event-id': `call-${posts.length}`,
      });
      const told = isBundle ? { entry: entry.map((status) => ({ response: { status } })) } : {};
      response.end(JSON.stringify(told));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const close = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return { url: `http://127.0.0.1:${address.port}`, posts, close };
}
