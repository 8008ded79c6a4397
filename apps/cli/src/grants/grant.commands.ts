import { dataProducts, subscriptions } from '@samspill/contracts';
import { Command, Option } from 'commander';
import { helpBelow } from '../help-below.ts';
import { dataDirOf, serviceUrl } from '../mesh-addresses.ts';
import { namedPatientHelp, namedPatientOf } from '../named-patient.ts';
import { clientOption } from '../operated-services.ts';
import { causeOf, causeOptionHelp } from '../order-cause.ts';
import { printAnswer } from '../terminal.ts';
import { orderGrant, type GrantReceipt } from './order-grant.ts';

interface GrantOptions {
  readonly consumer: string;
  readonly product: string;
  readonly patient: string;
  readonly cause: string;
  readonly url?: string;
  readonly client: string;
  readonly json: boolean;
}

const consumers = Object.values(subscriptions).map(({ consumer }) => consumer);

/** `samspill grants close` */
export const grantsCloseCommand = (): Command =>
  grantCommand('close', {
    description: "withhold one patient's data of one product from one consumer",
    help: `
The key vault gives the consumer no key of the patient from now on, and the consumer takes the patient's rows out of its read
models and caches. Nothing is destroyed: samspill grants open brings them back. The consumer's other patients and other
consumers are not touched.`,
    example: `
  samspill grants close --consumer emergency-ward --product measurements.measurement --patient @patient.txt --cause "order 2026/17"`,
    changed: (where) => `closed; GrantClosed at ${where}`,
    unchanged: 'nothing to close: the order stood before, and its fact is older than this database',
  });

/** `samspill grants open` */
export const grantsOpenCommand = (): Command =>
  grantCommand('open', {
    description: 'take back what samspill grants close has ordered',
    help: `
The consumer catches up: it reads what it missed of the patient from the log, while all else goes on.`,
    example: `
  samspill grants open --consumer emergency-ward --product measurements.measurement --patient @patient.txt --cause "order 2026/18"`,
    changed: (where) => `opened; GrantOpened at ${where}`,
    unchanged: 'nothing to open: no order to withhold was there',
  });

interface Words {
  readonly description: string;
  readonly help: string;
  readonly example: string;
  readonly changed: (where: string) => string;
  readonly unchanged: string;
}

const grantCommand = (what: 'close' | 'open', words: Words): Command =>
  new Command(what)
    .description(words.description)
    .addOption(
      new Option('--consumer <name>', 'client id of the consumer')
        .choices(consumers)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--product <name>', 'data product')
        .choices(dataProducts.map(({ name }) => name))
        .makeOptionMandatory(),
    )
    .requiredOption('--patient <number>', namedPatientHelp)
    .requiredOption('--cause <text>', causeOptionHelp)
    .option('--url <url>', 'of the key vault; else KEY_VAULT_URL or the local mesh')
    .addOption(clientOption())
    .option('--json', 'the receipt as JSON', false)
    .addHelpText('after', helpBelow(`${words.help}\n\nExamples:${words.example}`))
    .action(async (options: GrantOptions, command: Command) => {
      const { consumer, product, client } = options;
      const patient = namedPatientOf(options.patient);
      const cause = causeOf(options.cause);
      const { dataDir } = command.optsWithGlobals<{ dataDir?: string }>();
      const given = options.url;
      const url = await serviceUrl('key-vault', { given, dataDir: dataDirOf(dataDir) });
      const order = { consumer, product, patient, cause };
      const receipt = await orderGrant(url, client, what, order);
      printAnswer(options.json, receipt, told(receipt, words));
    });

function told({ consumer, product, changed }: GrantReceipt, words: Words): string {
  if (changed.length === 0) return words.unchanged;
  return changed
    .map(({ position }) => {
      const where = position ?? 'no position yet; it follows by itself';
      return `${consumer}, ${product}: ${words.changed(where)}`;
    })
    .join('\n');
}
