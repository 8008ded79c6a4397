import { bootService } from '@samspill/service';
import { keyVaultDefinition } from './key-vault-definition.ts';

await bootService(keyVaultDefinition(process.env));
