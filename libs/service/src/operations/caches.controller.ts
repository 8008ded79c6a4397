import { Body, Controller, Header, HttpCode, Inject, Post } from '@nestjs/common';
import { pseudonymForm, type NamedCache } from '@samspill/privacy';
import { z } from 'zod';
import { RequireScope } from '../caller.ts';
import { readJsonBody } from '../json-body.ts';
import { operateScope } from './operations.ts';

/** Token under which Nest hands the caches of the process to the controller. */
export const CACHES = Symbol('CACHES');

// No number: to look its pseudonym up would put the patient into a cache.
const search = z.strictObject({ patient: z.strictObject({ pseudonym: pseudonymForm }) });
const mend = 'send {"patient": {"pseudonym": "…"}}';

/** Lists what this process keeps of patients in memory, and says where one of them is. */
@Controller('operations/caches')
export class CachesController {
  constructor(@Inject(CACHES) private readonly caches: readonly NamedCache[]) {}

  @Post('search')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @RequireScope(operateScope)
  search(@Body() body: unknown): { cache: string; holds: boolean }[] {
    const { patient } = readJsonBody(search, body, mend);
    return this.caches.map((cache) => ({
      cache: cache.name,
      holds: cache.holds(patient.pseudonym),
    }));
  }
}
