import { bootService } from '@samspill/service';
import { measurementsService } from './measurements-service.ts';

await bootService(measurementsService());
