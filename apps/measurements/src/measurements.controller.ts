import { Controller, Get, Header, Inject, Post, Req, Res } from '@nestjs/common';
import type { CapabilityStatement } from '@samspill/fhir';
import {
  CallerOf,
  OpenToAll,
  patientHeader,
  RequireScope,
  sourceSystemHeader,
  traceparentHeader,
  type Caller,
} from '@samspill/service';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FhirAnswer, Received, Reception } from './receive.ts';

/** Tokens under which Nest hands the parts to controllers. */
export const RECEPTION = Symbol('RECEPTION');
export const CAPABILITY = Symbol('CAPABILITY');

@Controller()
export class MeasurementsController {
  constructor(
    @Inject(RECEPTION) private readonly reception: Reception,
    @Inject(CAPABILITY) private readonly capability: CapabilityStatement,
  ) {}

  @Post()
  @RequireScope('samspill:measurements/write')
  async bundle(
    @Req() request: FastifyRequest,
    @CallerOf() caller: Caller,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    send(reply, await this.reception.bundle(receivedOf(request, caller)));
  }

  @Post('Observation')
  @RequireScope('samspill:measurements/write')
  async observation(
    @Req() request: FastifyRequest,
    @CallerOf() caller: Caller,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    send(reply, await this.reception.observation(receivedOf(request, caller)));
  }

  @Get('metadata')
  @OpenToAll()
  @Header('content-type', 'application/fhir+json')
  metadata(): string {
    return JSON.stringify(this.capability);
  }
}

function receivedOf({ headers, body, id }: FastifyRequest, caller: Caller): Received {
  return {
    body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
    contentType: headers['content-type'],
    accept: headers.accept,
    patientHeader: patientHeader(headers),
    sendsFor: caller.sendsFor,
    sender: {
      source: {
        orgnrParent: caller.orgnrParent,
        orgnrChild: caller.orgnrChild,
        clientId: caller.clientId,
        system: sourceSystemHeader(headers) ?? null,
      },
      correlationId: id,
      traceparent: traceparentHeader(headers),
    },
  };
}

const send = (reply: FastifyReply, { status, headers, body }: FhirAnswer): void =>
  void reply
    .status(status)
    .headers(headers)
    .header('content-type', 'application/fhir+json')
    .send(JSON.stringify(body));
