import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newPseudonym } from '@samspill/kernel';
import { seededRandom } from '@samspill/testing';
import { afterEach, expect, it } from 'vitest';
import type { History } from '../history/history.ts';
import type { HistoryEvent, HistoryLine } from '../history/history-line.ts';
import { hubWriter } from './hub-writer.ts';
import type { KnownWrites } from './known-writes.ts';
import type { Person } from './people.ts';

interface Call {
  readonly instance: number;
  readonly body: string;
}

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }
});

/** Two intakes; `answer` says what each call gets, the first one being 0. */
async function intakes(answer: (call: number, response: ServerResponse) => void) {
  const calls: Call[] = [];
  const urls = await Promise.all(
    [1, 2].map(async (instance) => {
      const server = createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          calls.push({ instance, body: Buffer.concat(chunks).toString() });
          answer(calls.length - 1, response);
        });
      });
      servers.push(server.listen(0, '127.0.0.1'));
      await once(server, 'listening');
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    }),
  );
  return { calls, mesh: { urls: { measurements: urls, 'key-vault': [], 'emergency-ward': [] } } };
}

const taken = (response: ServerResponse): void => {
  const entry = {
    status: '201 Created',
    etag: 'W/"an-event"',
    location: 'Observation/m/_history/1',
  };
  response
    .writeHead(200, { 'content-type': 'application/fhir+json', 'samspill-position': 'a.b.v1:3:7' })
    .end(JSON.stringify({ resourceType: 'Bundle', entry: [{ response: entry }] }));
};

function memoryHistory(): History {
  const lines: HistoryLine[] = [];
  return {
    write: (event: HistoryEvent) => void lines.push({ at: lines.length, ...event }),
    lines: () => lines,
    close: () => undefined,
  };
}

const person: Person = {
  number: 1,
  nationalId: 'a number',
  pseudonym: newPseudonym(),
  partition: 3,
  sentBy: 'hub',
  orders: 'none',
};

const writerOf = (mesh: Awaited<ReturnType<typeof intakes>>['mesh']) => {
  const history = memoryHistory();
  const known: KnownWrites = new Map();
  const common = { name: 'hub', mesh, people: [person], history, known };
  const writer = hubWriter({ ...common, random: seededRandom('writer'), everyMs: 1 });
  return { writer, history, known };
};

it('what has no answer is sent again, the very same, to the other instance, before anything else', async () => {
  const answered = Promise.withResolvers<undefined>();
  const { calls, mesh } = await intakes((call, response) => {
    if (call === 0) response.destroy();
    else if (call === 1) response.writeHead(503).end();
    else {
      taken(response);
      answered.resolve(undefined);
    }
  });
  const { writer, history, known } = writerOf(mesh);
  await answered.promise;
  await writer.stop();

  const [first, second, third] = calls;
  expect([first?.instance, second?.instance, third?.instance]).toEqual([1, 2, 1]);
  expect(second?.body).toBe(first?.body);
  expect(third?.body).toBe(first?.body);
  const kinds = history.lines().map(({ kind }) => kind);
  expect(kinds.slice(0, 6)).toEqual(['invoke', 'info', 'invoke', 'info', 'invoke', 'ok']);
  expect(
    new Set(
      history
        .lines()
        .slice(0, 6)
        .map((line) => 'op' in line && line.op),
    ),
  ).toEqual(new Set(['hub/1/1']));
  expect(known.get(person.pseudonym)?.position).toBe('a.b.v1:3:7');
});

it('a writer that is told to stop waits for the outcome of what it has begun', async () => {
  const begun = Promise.withResolvers<ServerResponse>();
  const { mesh } = await intakes((_, response) => begun.resolve(response));
  const { writer, history } = writerOf(mesh);
  const held = await begun.promise;
  const stopped = writer.stop();
  taken(held);
  await stopped;
  expect(history.lines().map(({ kind }) => kind)).toEqual(['invoke', 'ok']);
});

it('a writer that is abandoned leaves what has no answer without an outcome', async () => {
  const refused = Promise.withResolvers<undefined>();
  const { mesh } = await intakes((_, response) => {
    response.writeHead(503).end();
    refused.resolve(undefined);
  });
  const { writer, history } = writerOf(mesh);
  await refused.promise;
  const stopped = writer.stop();
  writer.abandon();
  await stopped;
  const kinds = history.lines().map(({ kind }) => kind);
  expect(new Set(kinds)).toEqual(new Set(['invoke', 'info']));
});
