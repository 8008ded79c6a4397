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
import { operatedProjection, operatedProjections } from './operated-projection.ts';
import { operateScope, OPERATIONS, type Operations } from './operations.ts';
import { projectionName, readOrder } from './order-body.ts';
import { toldOrder } from './told-order.ts';

const bodies = {
  status: z.strictObject({ projection: projectionName.optional() }),
  start: z.strictObject({ projection: projectionName }),
  switch: z.strictObject({
    projection: projectionName,
    acceptDifferences: z.boolean().default(false),
  }),
  discard: z.strictObject({
    projection: projectionName,
    version: z.int().min(1).max(2_147_483_647),
  }),
};

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
    const { projection } = readOrder(bodies.status, body);
    const { pool, schema } = this.operations;
    const names = operatedProjections(this.operations, projection).map((one) => one.name);
    const versions = await rebuildStatus(pool, { schema });
    return { versions: versions.filter((one) => names.includes(one.projection)) };
  }

  @Post('start')
  @HttpCode(200)
  async start(@Body() body: unknown): Promise<{ version: number }> {
    const order = readOrder(bodies.start, body);
    const target = this.#targetOf(order);
    return { version: await toldOrder(startRebuild(this.operations.pool, target)) };
  }

  /** Answers once it is done, which takes as long as making the indexes and comparing both versions. */
  @Post('switch')
  @HttpCode(200)
  async switch(@Body() body: unknown): Promise<Switched> {
    const { acceptDifferences, ...order } = readOrder(bodies.switch, body);
    const target = this.#targetOf(order);
    return toldOrder(switchVersion(this.operations.pool, { ...target, acceptDifferences }));
  }

  @Post('roll-back')
  @HttpCode(200)
  async rollBack(@Body() body: unknown): Promise<Pick<Switched, 'from' | 'to'>> {
    const { acceptDifferences, ...order } = readOrder(bodies.switch, body);
    const target = this.#targetOf(order);
    return toldOrder(rollBack(this.operations.pool, { ...target, acceptDifferences }));
  }

  @Post('discard')
  @HttpCode(200)
  async discard(@Body() body: unknown): Promise<{ discarded: number }> {
    const { version, ...order } = readOrder(bodies.discard, body);
    const target = this.#targetOf(order);
    await toldOrder(discardVersion(this.operations.pool, { ...target, version }));
    return { discarded: version };
  }

  #targetOf(order: { readonly projection: string }): RebuildTarget {
    const projection = operatedProjection(this.operations, order.projection);
    return { schema: this.operations.schema, projection };
  }
}
