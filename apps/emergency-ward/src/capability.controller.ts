import { Controller, Get, Header, Inject } from '@nestjs/common';
import { capabilityStatement, type CapabilityStatement, type IdentityMode } from '@samspill/fhir';
import { OpenToAll } from '@samspill/service';

/** Token under which Nest hands the statement to the controller. */
export const CAPABILITY = Symbol('CAPABILITY');

/** What the ward offers; refusals point here. */
export const capability = (identity: IdentityMode, since: Date): CapabilityStatement =>
  capabilityStatement({
    service: 'emergency-ward',
    description: 'What patients measured at home, for the emergency ward.',
    identity,
    since,
    documentation: [
      'GET /overview shows one patient, who stands in the header nhn-patient-nin.',
      'A read that must see a write sends its Samspill-Position as Samspill-After.',
    ],
    takesMeasurements: false,
  });

@Controller('metadata')
export class CapabilityController {
  constructor(@Inject(CAPABILITY) private readonly statement: CapabilityStatement) {}

  @Get()
  @OpenToAll()
  @Header('content-type', 'application/fhir+json')
  metadata(): string {
    return JSON.stringify(this.statement);
  }
}
