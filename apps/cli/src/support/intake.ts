import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

/** Answers one post: a status for each entry, or one for the whole body. `post` counts from 1. */
export type Intake = (fullUrls: readonly string[], post: number) => readonly string[] | number;

export const fullUrlsIn = (body: string): string[] =>
  (JSON.parse(body) as { entry: { fullUrl: string }[] }).entry.map(({ fullUrl }) => fullUrl);

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
      const answer = answers(fullUrls, posts.length);
      const entry = typeof answer === 'number' ? [] : answer;
      response.writeHead(typeof answer === 'number' ? answer : 200, {
        'content-type': 'application/fhir+json',
        'retry-after': '0',
      });
      response.end(JSON.stringify({ entry: entry.map((status) => ({ response: { status } })) }));
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
