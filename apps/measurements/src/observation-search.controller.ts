import { Controller, Header, HttpCode, Inject, Post, Req } from '@nestjs/common';
import type { IdentityMode } from '@samspill/fhir';
import type { Pseudonym } from '@samspill/kernel';
import { findObservations, readSearch, searchedPatient, searchsetOf } from '@samspill/observations';
import type { KeyClient } from '@samspill/privacy';
import { reachedPositions } from '@samspill/read-model';
import { afterHeader, HttpRefusal, patientHeader, RequireScope } from '@samspill/service';
import type { FastifyRequest } from 'fastify';
import type { Pool } from 'pg';

/** What a search stands on: the service's own read model of what it published. */
export interface SearchParts {
  readonly pool: Pool;
  readonly keys: Pick<KeyClient, 'pseudonyms'>;
  readonly identity: IdentityMode;
  readonly schema: string;
  readonly projection: string;
}

/** Token under which Nest hands {@link SearchParts} to the controller. */
export const SEARCH_PARTS = Symbol('SEARCH_PARTS');

const formType = 'application/x-www-form-urlencoded';
const waitMaxMs = 5_000;

@Controller('Observation')
export class ObservationSearchController {
  constructor(@Inject(SEARCH_PARTS) private readonly parts: SearchParts) {}

  /** FHIR search for one patient's measurements (specs/measurements.md section 5). */
  @Post('_search')
  @RequireScope('samspill:measurements/read')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Header('content-type', 'application/fhir+json')
  async search(@Req() request: FastifyRequest): Promise<string> {
    const { search, problems } = readSearch(formOf(request), queryOf(request));
    if (problems !== undefined) throw new HttpRefusal(400, problems);
    const patients = await this.patientsOf(request, search.patient);
    const page = await findObservations(this.parts.pool, patients, search);
    return searchsetOf(page, search, `${request.protocol}://${request.host}`);
  }

  /** The patient's linked pseudonyms, once the read model has reached Samspill-After; none for an unknown patient. */
  private async patientsOf(
    { headers }: FastifyRequest,
    parameter: string | undefined,
  ): Promise<readonly Pseudonym[]> {
    const { pool, keys, identity, schema, projection } = this.parts;
    const positions = afterHeader(headers);
    const named = { header: patientHeader(headers), parameter };
    const { patient, problems } = searchedPatient(named, identity);
    if (problems !== undefined) throw new HttpRefusal(400, problems);
    await reachedPositions(pool, { schema, projection, positions, timeoutMs: waitMaxMs });
    const [pseudonyms] = await keys.pseudonyms([patient], 'find');
    return pseudonyms ?? [];
  }
}

function formOf({ body, headers }: FastifyRequest): URLSearchParams {
  if (!Buffer.isBuffer(body) || body.length === 0) return new URLSearchParams();
  if (headers['content-type']?.toLowerCase().startsWith(formType)) {
    return new URLSearchParams(body.toString('utf8'));
  }
  const problem = {
    code: 'not-supported',
    place: 'header content-type',
    rule: `a search is a form: ${formType}`,
    mend: `send the parameters as ${formType}`,
  };
  throw new HttpRefusal(415, [problem]);
}

const queryOf = ({ url }: FastifyRequest): URLSearchParams => {
  const at = url.indexOf('?');
  return new URLSearchParams(at === -1 ? '' : url.slice(at + 1));
};
