import { Controller, Get, Header, Inject, Req } from '@nestjs/common';
import { systemClock } from '@samspill/kernel';
import { RequireScope } from '@samspill/service';
import type { FastifyRequest } from 'fastify';
import { overviewOf } from './make-overview.ts';
import type { Overview } from './overview.ts';
import { readOverview } from './overview.query.ts';
import { PATIENT_READS, patientOfRead, type PatientReads } from './patient-reads.ts';

@Controller('overview')
export class OverviewController {
  constructor(@Inject(PATIENT_READS) private readonly reads: PatientReads) {}

  /** The patient stands in the header nhn-patient-nin. One whom nobody measured gets an overview with empty parts. */
  @Get()
  @RequireScope('samspill:emergency-ward/read')
  @Header('cache-control', 'no-store')
  async overview(@Req() request: FastifyRequest): Promise<Overview> {
    const patients = await patientOfRead(this.reads, request.headers);
    const rows = await readOverview(this.reads.pool, patients);
    return overviewOf(rows, this.reads.lag.freshness(), systemClock());
  }
}
