import { Body, Controller, Header, HttpCode, Inject, Post } from '@nestjs/common';
import { isEventId, type EventId } from '@samspill/kernel';
import { z } from 'zod';
import { RequireScope } from '../caller.ts';
import { patientForm } from '../patient-form.ts';
import { eventStandings, type ReadModelStanding } from './event-standing.ts';
import { OPERATED_LAG, type LagWatch } from './lag-watch.ts';
import { operatedPatient } from './operated-patient.ts';
import { operateScope, OPERATIONS, type Operations } from './operations.ts';
import { readOrder } from './order-body.ts';

const search = z
  .strictObject({
    eventId: z
      .custom<EventId>((value) => typeof value === 'string' && isEventId(value), 'an event id')
      .optional(),
    patient: patientForm.optional(),
    limit: z.int().min(1).max(1_000).default(20),
  })
  .refine(({ eventId, patient }) => eventId !== undefined || patient !== undefined, {
    error: 'eventId or patient is there',
  });

/** What `POST /operations/events/search` answers. */
export interface EventsAnswer {
  readonly service: string;
  readonly readModels: readonly ReadModelStanding[];
}

/** Where an event is in the read models of the service, and what keeps it from being shown. */
@Controller('operations/events')
@RequireScope(operateScope)
export class EventsController {
  constructor(
    @Inject(OPERATIONS) private readonly operations: Operations,
    @Inject(OPERATED_LAG) private readonly watch: LagWatch,
  ) {}

  /**
   * One event by its id, or the newest of a patient. Whose event it is is known from its row; whoever asks of one that may
   * have no row names the patient too.
   */
  @Post('search')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  async search(@Body() body: unknown): Promise<EventsAnswer> {
    const { eventId, patient, limit } = readOrder(search, body);
    const { service } = this.operations;
    const patients = patient === undefined ? [] : await operatedPatient(this.operations, patient);
    const question = { eventId, patients, limit };
    return { service, readModels: await eventStandings(this.operations, this.watch, question) };
  }
}
