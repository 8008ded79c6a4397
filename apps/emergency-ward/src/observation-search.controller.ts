import { Controller, Get, Header, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { findObservations, readSearch, searchsetOf } from '@samspill/observations';
import {
  HttpRefusal,
  PATIENT_READS,
  patientOfRead,
  RequireScope,
  searchByGetRefused,
  searchForm,
  urlParameters,
  type PatientReads,
} from '@samspill/service';
import type { FastifyRequest } from 'fastify';

@Controller('Observation')
@RequireScope('samspill:emergency-ward/read')
export class ObservationSearchController {
  constructor(@Inject(PATIENT_READS) private readonly reads: PatientReads) {}

  /** FHIR search on what the ward holds (specification of measurements, section 5). */
  @Post('_search')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Header('content-type', 'application/fhir+json')
  async search(@Req() request: FastifyRequest): Promise<string> {
    const { search, problems } = readSearch(searchForm(request), urlParameters(request));
    if (problems !== undefined) throw new HttpRefusal(400, problems);
    const { shown, isIncomplete } = await patientOfRead(
      this.reads,
      request.headers,
      search.patient,
    );
    const page = await findObservations(this.reads.pool, shown, search);
    return searchsetOf({ ...page, isIncomplete }, search, `${request.protocol}://${request.host}`);
  }

  @Get(['', '_search'])
  searchByGet(): never {
    throw searchByGetRefused();
  }
}
