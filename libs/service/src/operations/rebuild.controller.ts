import { Body, Controller, Header, HttpCode, Inject, Post } from '@nestjs/common';
import {
  discardVersion,
  rebuildStatus,
  rollBack,
  startRebuild,
  switchVersion,
  type RebuildTarget,
  type Switched,
  type VersionStatus,
} from '@samspill/read-model';
import { z } from 'zod';
import { RequireScope } from '../caller.ts';
import { readJsonBody } from '../json-body.ts';
import { operatedProjections } from './operated-projection.ts';
import { operateScope, OPERATIONS, type Operations } from './operations.ts';
import { toldOrder } from './told-order.ts';

const name = z.string().min(1).max(100);
const bodies = {
  status: z.strictObject({ projection: name.optional() }),
  start: z.strictObject({ projection: name }),
  switch: z.strictObject({ projection: name, acceptDifferences: z.boolean().default(false) }),
  discard: z.strictObject({ projection: name, version: z.int().min(1).max(2_147_483_647) }),
};
const mend = 'send what the README of libs/service shows under "Operations"';

/**
 * Versions of read models. An order that was taken is carried out also when whoever gave it goes away; `status` says
 * what it is at, whichever instance is asked.
 */
@Controller('operations/rebuilds')
@RequireScope(operateScope)
export class RebuildController {
  constructor(@Inject(OPERATIONS) private readonly operations: Operations) {}

  @Post('status')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  async status(@Body() body: unknown): Promise<{ versions: readonly VersionStatus[] }> {
    const { projection } = readJsonBody(bodies.status, body, mend);
    const { pool, schema } = this.operations;
    const names = operatedProjections(this.operations, projection).map((one) => one.name);
    const versions = await rebuildStatus(pool, { schema });
    return { versions: versions.filter((one) => names.includes(one.projection)) };
  }

  @Post('start')
  @HttpCode(200)
  async start(@Body() body: unknown): Promise<{ version: number }> {
    const order = readJsonBody(bodies.start, body, mend);
    const target = this.#targetOf(order);
    return { version: await toldOrder(startRebuild(this.operations.pool, target)) };
  }

  /** Answers once it is done, which takes as long as making the indexes and comparing both versions. */
  @Post('switch')
  @HttpCode(200)
  async switch(@Body() body: unknown): Promise<Switched> {
    const { acceptDifferences, ...order } = readJsonBody(bodies.switch, body, mend);
    const target = this.#targetOf(order);
    return toldOrder(switchVersion(this.operations.pool, { ...target, acceptDifferences }));
  }

  @Post('roll-back')
  @HttpCode(200)
  async rollBack(@Body() body: unknown): Promise<Pick<Switched, 'from' | 'to'>> {
    const { acceptDifferences, ...order } = readJsonBody(bodies.switch, body, mend);
    const target = this.#targetOf(order);
    return toldOrder(rollBack(this.operations.pool, { ...target, acceptDifferences }));
  }

  @Post('discard')
  @HttpCode(200)
  async discard(@Body() body: unknown): Promise<{ discarded: number }> {
    const { version, ...order } = readJsonBody(bodies.discard, body, mend);
    const target = this.#targetOf(order);
    await toldOrder(discardVersion(this.operations.pool, { ...target, version }));
    return { discarded: version };
  }

  #targetOf(order: { readonly projection: string }): RebuildTarget {
    const [projection] = operatedProjections(this.operations, order.projection);
    if (projection === undefined) throw new Error('operatedProjections gives one at least');
    return { schema: this.operations.schema, projection };
  }
}
