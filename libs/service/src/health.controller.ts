import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { OpenToAll } from './caller.ts';

export const HEALTH = Symbol('HEALTH');

/** What a service says of itself. */
export interface Health {
  /** Can it work on? False means: restart it. */
  readonly live: () => boolean;
  /** What it needs to answer, by name; a rejection means: not now. */
  readonly ready: Readonly<Record<string, () => Promise<unknown>>>;
}

@Controller('health')
export class HealthController {
  constructor(@Inject(HEALTH) private readonly health: Health) {}

  @Get('live')
  @OpenToAll()
  live(@Res() reply: FastifyReply): void {
    const live = this.health.live();
    void reply.status(live ? 200 : 503).send({ status: live ? 'up' : 'down' });
  }

  @Get('ready')
  @OpenToAll()
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const parts = await Promise.all(
      Object.entries(this.health.ready).map(async ([name, check]) => {
        const up = await check().then(
          () => true,
          () => false,
        );
        return [name, up ? 'up' : 'down'] as const;
      }),
    );
    const ready = parts.every(([, state]) => state === 'up');
    void reply
      .status(ready ? 200 : 503)
      .send({ status: ready ? 'up' : 'down', parts: Object.fromEntries(parts) });
  }
}
