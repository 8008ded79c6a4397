import { connect } from 'node:net';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpAdapter } from './http-adapter.ts';

const patient = '15838510075';

@Controller('sample')
class SampleController {
  @Get(':id')
  sample(): string {
    return 'here';
  }
}

@Module({ controllers: [SampleController] })
class SampleModule {}

let app: NestFastifyApplication;
beforeAll(async () => {
  const adapter = httpAdapter({ bodyLimitBytes: 1024, refusals: 'fhir' });
  app = await NestFactory.create<NestFastifyApplication>(SampleModule, adapter, { logger: false });
  await app.listen(0, '127.0.0.1');
});
afterAll(() => app.close());

/** What the server writes, to its end, after these bytes. */
async function answerTo(bytes: string): Promise<string> {
  const { port } = new URL(await app.getUrl());
  const socket = connect(Number(port), '127.0.0.1');
  socket.end(bytes);
  let answer = '';
  for await (const part of socket) answer += String(part);
  return answer;
}

const host = 'Host: x\r\nConnection: close\r\n';

describe('what is refused before any route', () => {
  it.each([
    ['a path with a malformed encoding', `GET /sample/%ZZ${patient} HTTP/1.1\r\n${host}\r\n`, 400],
    ['a path that is no UTF-8', `GET /%E0%A4%A/${patient} HTTP/1.1\r\n${host}\r\n`, 400],
    [
      'a long part of a path',
      `GET /sample/${'a.'.repeat(99)}${patient} HTTP/1.1\r\n${host}\r\n`,
      414,
    ],
    ['another protocol', `GET /sample?x=${patient} HTTQ/1.1\r\n${host}\r\n`, 400],
    ['a blank in the URL', `GET /sample/a ${patient} HTTP/1.1\r\n${host}\r\n`, 400],
    ['no HTTP at all', `${patient}\r\n\r\n`, 400],
    [
      'a length that is no number',
      `GET /sample/a HTTP/1.1\r\n${host}content-length: ${patient}x\r\n\r\n`,
      400,
    ],
    [
      'huge headers',
      `GET /sample/a HTTP/1.1\r\n${host}nhn-patient-nin: ${patient.repeat(3000)}\r\n\r\n`,
      431,
    ],
  ])('%s gets an OperationOutcome that repeats nothing', async (_, bytes, status) => {
    const answer = await answerTo(bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toMatch(/content-type: application\/fhir\+json/i);
    const body = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))) as { resourceType: string };
    expect(body.resourceType).toBe('OperationOutcome');
    expect(answer).not.toContain(patient);
  });

  it('and a request that arrives too slowly ends', () => {
    expect(app.getHttpServer().requestTimeout).toBe(60_000);
  });
});
