import { Controller, Get, Header, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { findObservations, readSearch, searchsetOf } from '@samspill/observations';
import { HttpRefusal, RequireScope } from '@samspill/service';
import type { FastifyRequest } from 'fastify';
import { PATIENT_READS, patientOfRead, type PatientReads } from './patient-reads.ts';

const formType = 'application/x-www-form-urlencoded';

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
    const { search, problems } = readSearch(formOf(request), queryOf(request));
    if (problems !== undefined) throw new HttpRefusal(400, problems);
    const patients = await patientOfRead(this.reads, request.headers, search.patient);
    const page = await findObservations(this.reads.pool, patients, search);
    return searchsetOf(page, search, `${request.protocol}://${request.host}`);
  }

  /** A search by GET would put the patient into a URL. */
  @Get(['', '_search'])
  refuseSearchByGet(): never {
    throw new HttpRefusal(
      405,
      [
        {
          code: 'not-supported',
          place: 'the method',
          rule: 'measurements are searched by POST, since URLs are logged on their way',
          mend: 'send the parameters as a form by POST to Observation/_search',
        },
      ],
      { allow: 'POST' },
    );
  }
}

function formOf({ body, headers }: FastifyRequest): URLSearchParams {
  if (!Buffer.isBuffer(body) || body.length === 0) return new URLSearchParams();
  if (!headers['content-type']?.toLowerCase().startsWith(formType)) {
    throw new HttpRefusal(415, [
      {
        code: 'not-supported',
        place: 'header content-type',
        rule: `a search is a form: ${formType}`,
        mend: `send the parameters as ${formType}`,
      },
    ]);
  }
  return new URLSearchParams(body.toString('utf8'));
}

const queryOf = ({ url }: FastifyRequest): URLSearchParams => {
  const at = url.indexOf('?');
  return new URLSearchParams(at === -1 ? '' : url.slice(at + 1));
};
