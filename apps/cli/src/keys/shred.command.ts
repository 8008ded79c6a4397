import { createInterface } from 'node:readline/promises';
import { dataProducts } from '@samspill/contracts';
import { Command, Option } from 'commander';
import { CommandFailure } from '../command-failure.ts';
import { exitCodes } from '../exit-codes.ts';
import { helpBelow } from '../help-below.ts';
import { dataDirOf, serviceUrl } from '../mesh-addresses.ts';
import { namedPatientHelp, namedPatientOf } from '../named-patient.ts';
import { clientOption } from '../operated-services.ts';
import { causeOf, causeOptionHelp } from '../order-cause.ts';
import { printAnswer } from '../terminal.ts';
import { askToShred, type ShredReceipt } from './ask-to-shred.ts';

interface ShredOptions {
  readonly product: string;
  readonly patient: string;
  readonly cause: string;
  readonly yes: boolean;
  readonly url?: string;
  readonly client: string;
  readonly json: boolean;
}

const sealing = dataProducts.filter(({ events }) =>
  Object.values(events).some(({ sealed }) => sealed !== undefined),
);

const examples = `
Destroys the data keys of one patient in one product, and with them what they sealed in every copy of the log. Every
consumer then erases the patient's rows. It cannot be undone.

Examples:
  samspill keys shred --product measurements.measurement --patient @patient.txt --cause "erasure order 2026/17"`;

/** `samspill keys shred` */
export const keysShredCommand = (): Command =>
  new Command('shred')
    .description("destroy one patient's data keys in one product, and so the data")
    .addOption(
      new Option('--product <name>', 'data product')
        .choices(sealing.map(({ name }) => name))
        .makeOptionMandatory(),
    )
    .requiredOption('--patient <number>', namedPatientHelp)
    .requiredOption('--cause <text>', causeOptionHelp)
    .option('--yes', 'do not ask', false)
    .option('--url <url>', 'of the key vault; else KEY_VAULT_URL or the local mesh')
    .addOption(clientOption())
    .option('--json', 'the receipt as JSON', false)
    .addHelpText('after', helpBelow(examples))
    .action(async (options: ShredOptions, command: Command) => {
      const { product, client } = options;
      const patient = namedPatientOf(options.patient);
      const cause = causeOf(options.cause);
      const { dataDir } = command.optsWithGlobals<{ dataDir?: string }>();
      const given = options.url;
      const url = await serviceUrl('key-vault', { given, dataDir: dataDirOf(dataDir) });
      if (!options.yes) await confirm(product);
      const receipt = await askToShred(url, client, { product, patient, cause });
      printAnswer(options.json, receipt, wordsOf(receipt));
    });

async function confirm(product: string): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new CommandFailure(exitCodes.usage, {
      place: 'samspill keys shred',
      rule: 'shredding is confirmed',
      mend: 'add --yes where no terminal is',
    });
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(
    `This destroys all that ${product} holds of the patient, for ever. Type "shred" to go on: `,
  );
  terminal.close();
  if (answer.trim() === 'shred') return;
  throw new CommandFailure(exitCodes.refused, {
    place: 'samspill keys shred, which shredded nothing',
    rule: 'shredding is confirmed',
    mend: 'run it again and type shred',
  });
}

function wordsOf({ product, shredded }: ShredReceipt): string {
  if (shredded.length === 0)
    return `nothing to shred: ${product} never sealed anything of this patient`;
  return shredded
    .map(({ keyVersion, shreddedAt, position }) => {
      const where = position ?? 'not in the log yet; it follows by itself';
      return `shredded ${product}, key version ${keyVersion} and below, at ${shreddedAt}; KeyShredded at ${where}`;
    })
    .join('\n');
}
