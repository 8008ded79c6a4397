import { dataProducts, subscriptions, type DataProduct } from '@samspill/contracts';
import { httpKeyClient, type KeyClient } from '@samspill/privacy';
import { Argument, Command, Option } from 'commander';
import { CommandFailure } from '../command-failure.ts';
import { withLog } from '../event-log/open-log.ts';
import { exitCodes } from '../exit-codes.ts';
import { helpBelow } from '../help-below.ts';
import { dataDirOf, serviceUrl } from '../mesh-addresses.ts';
import { wholeNumber } from '../option-values.ts';
import { colours, say, warn } from '../terminal.ts';
import { untilInterrupted } from '../until-interrupted.ts';
import { eventText } from './event-text.ts';
import { startPlace, type StartPlace } from './start-place.ts';
import { tailProduct } from './tail-product.ts';

interface TailOptions {
  readonly from: StartPlace;
  readonly untilEnd: boolean;
  readonly limit?: number;
  readonly type: readonly string[];
  readonly as?: string;
  readonly json: boolean;
  readonly dataDir?: string;
}

const examples = `
Reads the log itself, beside all consumers: nobody's position moves, and no consumer group is left behind. A patient is
shown as patient-1, patient-2, …: names of this session alone.

What is sealed stays sealed, unless --as names a consumer. Then the key vault is asked as that consumer, and it decides
as it does for the consumer: by the client register, the subscription and the grant of each patient. This program has no
right of its own, and the client operator may open nothing. It counts as the consumer's reading: a first key opens a
grant, which the log states. So do it where the consumer may be read for. The number of the patient, the resource as
received and free text are never shown.

Examples:
  samspill tail
  samspill tail measurements.measurement --from 15m --until-end
  samspill tail key-vault.patient-state --from beginning --type GrantClosed
  samspill tail --from measurements.measurement.v1:4:35 --limit 1 --as emergency-ward
  samspill tail --json --from 2026-11-24T08:00:00+01:00`;

const productNames = dataProducts.map(({ name }) => name);
const consumers = Object.values(subscriptions).map(({ consumer }) => consumer);

/** `samspill tail` */
export const tailCommand = (): Command =>
  new Command('tail')
    .description('follow the events of a data product as they come, decoded')
    .addArgument(
      new Argument('[product]', 'data product')
        .choices(productNames)
        .default('measurements.measurement'),
    )
    .addOption(
      new Option('--from <place>', 'beginning, end, a position, a time, or 15m, 2h, 3d ago')
        .argParser(startPlace)
        .default('end'),
    )
    .option('--until-end', 'end where the log ends now, instead of waiting for more', false)
    .option('--limit <count>', 'end after so many events', wholeNumber(1, 999_999_999))
    .option('--type <name>', 'events of this name alone; may be given again', append, [])
    .addOption(
      new Option('--as <consumer>', 'open what the key vault lets this consumer open').choices(
        consumers,
      ),
    )
    .option('--json', 'a line of JSON for each event', false)
    .addHelpText('after', helpBelow(examples))
    .action(async (named: string, _: object, command: Command) => {
      const options = command.optsWithGlobals<TailOptions>();
      const product = productOf(named, options);
      const dataDir = dataDirOf(options.dataDir);
      const keys = options.as === undefined ? undefined : await keysAs(options.as, dataDir);
      const { from, untilEnd, limit, type: types, json } = options;
      await untilInterrupted((signal) =>
        withLog(dataDir, (opened) =>
          tailProduct(opened, {
            ...{ product, from, untilEnd, limit, types, keys, signal },
            show: (event) => (json ? console.log(JSON.stringify(event)) : say(eventText(event))),
            onAway: () =>
              warn(colours.yellow('the event log or the schema registry is away; waiting for it')),
          }),
        ),
      );
    });

const keysAs = async (consumer: string, dataDir: string): Promise<KeyClient> =>
  httpKeyClient({ url: await serviceUrl('key-vault', { dataDir }), clientId: consumer });

const append = (value: string, before: readonly string[]): string[] => [...before, value];

/** The product; fails where the options do not fit it. */
function productOf(named: string, { type, as }: TailOptions): DataProduct {
  const product = dataProducts.find(({ name }) => name === named);
  if (product === undefined) throw new TypeError('commander lets known products through');
  const names = Object.keys(product.events);
  const unknown = type.find((one) => !names.includes(one));
  if (unknown !== undefined) {
    throw new CommandFailure(exitCodes.usage, {
      place: `--type ${unknown}`,
      rule: `it is an event of ${named}`,
      mend: `name one of ${names.join(', ')}`,
    });
  }
  const subscribed = Object.values(subscriptions).some(
    ({ consumer, products }) => consumer === as && (products as readonly string[]).includes(named),
  );
  if (as === undefined || subscribed) return product;
  throw new CommandFailure(exitCodes.usage, {
    place: `--as ${as}`,
    rule: `the consumer subscribes to ${named}`,
    mend: 'name a consumer that does, or leave --as out',
  });
}
