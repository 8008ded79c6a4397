import { bootService } from '@samspill/service';
import { emergencyWard } from './emergency-ward.ts';

await bootService(emergencyWard());
