import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { OpenToAll } from '../caller.ts';
import type { PartLook, PartState } from './part-look.ts';

export const HEALTH = Symbol('HEALTH');

/** What a service says of itself. */
export interface Health {
  /** Can it work on? False means: restart it. */
  readonly live: () => boolean;
  /** What it needs to answer, by name. */
  readonly parts: ReadonlyMap<string, Pick<PartLook, 'state'>>;
}

/** What `/health/ready` answers: 200 where every part is up, else 503. */
export interface ReadyAnswer {
  readonly status: 'up' | 'down';
  readonly parts: Readonly<Record<string, PartState>>;
}

@Controller('health')
export class HealthController {
  constructor(@Inject(HEALTH) private readonly health: Health) {}

  @Get('live')
  @OpenToAll()
  @Header('cache-control', 'no-store')
  live(@Res() reply: FastifyReply): void {
    const live = this.health.live();
    void reply.status(live ? 200 : 503).send({ status: live ? 'up' : 'down' });
  }

  @Get('ready')
  @OpenToAll()
  @Header('cache-control', 'no-store')
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const parts = await Promise.all(
      [...this.health.parts].map(async ([name, part]) => [name, await part.state()] as const),
    );
    const status = parts.every(([, part]) => part.status === 'up') ? 'up' : 'down';
    const answer: ReadyAnswer = { status, parts: Object.fromEntries(parts) };
    void reply.status(status === 'up' ? 200 : 503).send(answer);
  }
}
