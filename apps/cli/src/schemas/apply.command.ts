import { dataProducts } from '@samspill/contracts';
import { ensureTopics } from '@samspill/event-log';
import { applySchemas } from '@samspill/schema-registry';
import type { SchemaSource } from '@samspill/schema-source';
import { Command } from 'commander';
import { CommandFailure } from '../command-failure.ts';
import { exitCodes } from '../exit-codes.ts';
import { helpBelow } from '../help-below.ts';
import { checkout, dataDirOf, meshAddresses } from '../mesh-addresses.ts';
import { colours, say } from '../terminal.ts';
import { checkEverything, commandProblem } from './check-everything.ts';
import { staleFile } from './stale-file.ts';

const examples = `
The release step. Services never register a schema or create a topic; this does, after the check, and doing it again
changes nothing. Takes KAFKA_BROKERS and SCHEMA_REGISTRY_URL, or a mesh which samspill up started.

Examples:
  samspill schemas apply`;

/** `samspill schemas apply` */
export const schemasApplyCommand = (): Command =>
  new Command('apply')
    .description('check the schemas, register them and create the topics')
    .option('--base <commit>', 'commit to compare with', 'HEAD')
    .option('--json', 'as JSON, once it is done', false)
    .addHelpText('after', helpBelow(examples))
    .action(async (options: { base: string; json: boolean }, command: Command) => {
      const { dataDir } = command.optsWithGlobals<{ dataDir?: string }>();
      const addresses = await meshAddresses(dataDirOf(dataDir));
      const { schemaRegistryUrl: registryUrl, kafkaBrokers: brokers } = addresses;
      if (registryUrl === undefined || brokers.length === 0) {
        throw new CommandFailure(exitCodes.away, {
          place: 'registry and brokers',
          rule: 'their addresses are known',
          mend: 'start the mesh by samspill up, or set SCHEMA_REGISTRY_URL and KAFKA_BROKERS',
        });
      }
      const { problems, source, what } = await checkEverything(checkout, options.base, registryUrl);
      if (problems.length > 0) {
        throw new CommandFailure(exitCodes.refused, problems.map(commandProblem));
      }
      requireGenerated(source);
      const tell = (words: string): void => {
        if (!options.json) say(words);
      };
      tell(`nothing stands against ${what}`);
      const subjects = await applySchemas({
        registryUrl,
        products: dataProducts,
        onProgress: ({ subject, id, isNew }) =>
          tell(
            `${isNew ? colours.green('registered') : colours.dim('held      ')}  ${subject} (id ${id})`,
          ),
      });
      await ensureTopics(brokers, dataProducts);
      const topics = dataProducts.map(({ topic, partitions }) => ({ topic, partitions }));
      for (const { topic, partitions } of topics) {
        tell(`${colours.dim('topic     ')}  ${topic} with ${partitions} partitions`);
      }
      if (options.json) console.log(JSON.stringify({ subjects, topics }, undefined, 2));
    });

/** Services use the generated code: what is registered must be what stands in `schemas/`. */
function requireGenerated(source: SchemaSource): void {
  const stale = staleFile(source);
  if (stale === undefined) return;
  throw new CommandFailure(exitCodes.refused, {
    place: stale,
    rule: 'the generated code is not older than it',
    mend: 'npm run codegen',
  });
}
