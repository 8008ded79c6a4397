import { Controller, Get, Header, Inject, Req } from '@nestjs/common';
import { systemClock } from '@samspill/kernel';
import { PATIENT_READS, patientOfRead, RequireScope, type PatientReads } from '@samspill/service';
import type { FastifyRequest } from 'fastify';
import { LAG_WATCH, type LagWatch } from './lag-watch.ts';
import { overviewOf } from './make-overview.ts';
import type { Overview } from './overview.ts';
import { readOverview } from './overview.query.ts';

@Controller('overview')
export class OverviewController {
  constructor(
    @Inject(PATIENT_READS) private readonly reads: PatientReads,
    @Inject(LAG_WATCH) private readonly lag: LagWatch,
  ) {}

  /** The patient stands in the header nhn-patient-nin. One whom nobody measured gets an overview with empty parts. */
  @Get()
  @RequireScope('samspill:emergency-ward/read')
  @Header('cache-control', 'no-store')
  async overview(@Req() request: FastifyRequest): Promise<Overview> {
    const patients = await patientOfRead(this.reads, request.headers);
    const rows = await readOverview(this.reads.pool, patients);
    return overviewOf(rows, this.lag.freshness(), systemClock());
  }
}
