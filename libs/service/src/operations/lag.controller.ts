import { Controller, Get, Header, Inject } from '@nestjs/common';
import type { GateCount } from '@samspill/read-model';
import { RequireScope } from '../caller.ts';
import { OPERATED_LAG, type LagWatch, type PartitionStanding } from './lag-watch.ts';
import { observe } from './observation.ts';
import { operateScope, OPERATIONS, type Operations } from './operations.ts';
import { partitionLag, type PartitionLag } from './partition-lag.ts';

/** What `GET /operations/lag` answers. No patient is in it. */
export interface LagAnswer {
  readonly service: string;
  readonly readModels: readonly ReadModelLag[];
}

/** One version of a read model. */
export interface ReadModelLag {
  readonly projection: string;
  readonly version: number;
  readonly state: PartitionStanding['state'];
  /** Patients by the state of their gate; those without a gate are open and not counted. */
  readonly gates: Readonly<Record<GateCount['state'], number>>;
  readonly partitions: readonly PartitionLag[];
}

@Controller('operations/lag')
@RequireScope(operateScope)
export class LagController {
  constructor(
    @Inject(OPERATIONS) private readonly operations: Operations,
    @Inject(OPERATED_LAG) private readonly watch: LagWatch,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  async lag(): Promise<LagAnswer> {
    const { service } = this.operations;
    const { standings, gates, stops } = await observe(this.operations, this.watch);
    const gatesOf = (projection: string, version: number): ReadModelLag['gates'] => {
      const own = gates.filter((one) => one.projection === projection && one.version === version);
      return {
        ...noGates,
        ...Object.fromEntries(own.map(({ state, patients }) => [state, patients])),
      };
    };
    const readModels = Object.values(
      Object.groupBy(standings, ({ projection, version }) => `${projection} ${version}`),
    ).flatMap((group = []) =>
      group.slice(0, 1).map(({ projection, version, state }) => ({
        ...{ projection, version, state },
        gates: gatesOf(projection, version),
        partitions: group.map((one) => partitionLag(one, stops)),
      })),
    );
    return { service, readModels };
  }
}

const noGates = { open: 0, withheld: 0, parked: 0, 'catching-up': 0 } as const;
