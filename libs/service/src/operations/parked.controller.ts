import { Body, Controller, Header, HttpCode, Inject, Post } from '@nestjs/common';
import { errorCatalogue, type ErrorCode } from '@samspill/kernel';
import {
  acceptParking,
  listParked,
  requeue,
  type ParkedPatient,
  type RequeueWho,
} from '@samspill/read-model';
import { z } from 'zod';
import { RequireScope } from '../caller.ts';
import { patientForm, type PatientInBody } from '../patient-form.ts';
import { operatedPatient } from './operated-patient.ts';
import { operatedProjection, operatedProjections } from './operated-projection.ts';
import { operateScope, OPERATIONS, type Operations } from './operations.ts';
import { projectionName, readOrder } from './order-body.ts';

const code = z.enum(Object.keys(errorCatalogue) as [ErrorCode, ...ErrorCode[]]);
const rowsMax = 1_000;

const bodies = {
  search: z.strictObject({
    projection: projectionName.optional(),
    code: code.optional(),
    patient: patientForm.optional(),
    limit: z.int().min(1).max(rowsMax).default(100),
  }),
  requeue: z
    .strictObject({
      projection: projectionName.optional(),
      patients: z.array(patientForm).min(1).max(rowsMax).optional(),
      code: code.optional(),
      all: z.literal(true).optional(),
    })
    .refine(
      ({ patients, code, all }) =>
        [patients, code, all].filter((one) => one !== undefined).length === 1,
      'one of patients, code and all is there',
    ),
  accept: z.strictObject({
    projection: projectionName,
    code,
    forMinutes: z.int().min(1).max(1_440).default(60),
  }),
};

/** What `POST /operations/parked/search` answers: patients, each with what the catalogue says of the code. */
export interface ParkedAnswer {
  readonly parked: readonly (ParkedPatient & { readonly rule: string; readonly mend: string })[];
  readonly isComplete: boolean;
}

/** Patients behind a rejected record: who, why, and reading on. Patients stand in bodies, never in addresses. */
@Controller('operations/parked')
@RequireScope(operateScope)
export class ParkedController {
  constructor(@Inject(OPERATIONS) private readonly operations: Operations) {}

  /** The longest parked first; `isComplete` is false when more match than `limit`. */
  @Post('search')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  async search(@Body() body: unknown): Promise<ParkedAnswer> {
    const { patient, limit, projection, code } = readOrder(bodies.search, body);
    if (projection !== undefined) operatedProjection(this.operations, projection);
    const { pool, schema } = this.operations;
    const whom = patient && (await operatedPatient(this.operations, patient));
    const found = await listParked(pool, {
      ...{ schema, projection, code, patients: whom },
      limit: limit + 1,
    });
    const parked = found.slice(0, limit).map((one) => {
      const { rule, mend } = errorCatalogue[one.code];
      return { ...one, rule, mend };
    });
    return { parked, isComplete: found.length <= limit };
  }

  /** Reads on for parked patients from where they stopped, in all versions. Answers how many gates that moved. */
  @Post('requeue')
  @HttpCode(200)
  async requeue(@Body() body: unknown): Promise<{ requeued: number }> {
    const { projection, patients, code } = readOrder(bodies.requeue, body);
    const { pool, schema } = this.operations;
    const who = await this.#whom(patients, code);
    let requeued = 0;
    for (const { name } of operatedProjections(this.operations, projection)) {
      requeued += await requeue(pool, { schema, projection: name, ...who });
    }
    return { requeued };
  }

  /** "It is the data, park them": ends the stops for a code and lets it park as many as it meets, for a while. */
  @Post('accept')
  @HttpCode(200)
  async accept(@Body() body: unknown): Promise<{ stopsEnded: number }> {
    const order = readOrder(bodies.accept, body);
    operatedProjection(this.operations, order.projection);
    const { pool, schema } = this.operations;
    return { stopsEnded: await acceptParking(pool, { schema, ...order }) };
  }

  async #whom(
    patients: readonly PatientInBody[] | undefined,
    code: ErrorCode | undefined,
  ): Promise<RequeueWho> {
    if (code !== undefined) return { code };
    if (patients === undefined) return { all: true };
    const named = await Promise.all(patients.map((one) => operatedPatient(this.operations, one)));
    return { patients: named.flat() };
  }
}
