import { dataProducts } from '@samspill/contracts';
import { ensureTopics } from '@samspill/event-log';
import { applySchemas } from '@samspill/schema-registry';
import { formatProblem, subjectsOf, type SchemaSource } from '@samspill/schema-source';
import { Command } from 'commander';
import { CommandFailure } from '../command-failure.ts';
import { exitCodes, helpBelow } from '../exit-codes.ts';
import { checkout, dataDirOf, kafkaBrokersOf, registryUrlOf } from '../mesh-addresses.ts';
import { colours } from '../terminal.ts';
import { checkEverything } from './check-everything.ts';

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
    .addHelpText('after', helpBelow(examples))
    .action(async (options: { base: string }, command: Command) => {
      const { dataDir } = command.optsWithGlobals<{ dataDir?: string }>();
      const registryUrl = await registryUrlOf(dataDirOf(dataDir));
      const brokers = await kafkaBrokersOf(dataDirOf(dataDir));
      if (registryUrl === undefined || brokers === undefined) {
        throw new CommandFailure(
          exitCodes.away,
          'registry and brokers: no address is known. To mend: start the mesh by samspill up, or set SCHEMA_REGISTRY_URL and KAFKA_BROKERS.',
        );
      }
      const { problems, source, what } = await checkEverything(checkout, options.base, registryUrl);
      if (problems.length > 0) {
        throw new CommandFailure(exitCodes.refused, problems.map(formatProblem).join('\n'));
      }
      requireGenerated(source);
      console.log(`nothing stands against ${what}`);
      await applySchemas({
        registryUrl,
        products: dataProducts,
        onProgress: ({ subject, id, isNew }) => {
          console.log(
            `${isNew ? colours.green('registered') : colours.dim('held      ')}  ${subject} (id ${id})`,
          );
        },
      });
      await ensureTopics(brokers, dataProducts);
      for (const { topic, partitions } of dataProducts) {
        console.log(`${colours.dim('topic     ')}  ${topic} with ${partitions} partitions`);
      }
    });

/** Services use the generated code: what is registered must be what stands in `schemas/`. */
function requireGenerated(source: SchemaSource): void {
  const generated = new Map(
    dataProducts
      .flatMap(({ events }) => Object.values(events))
      .flatMap((event) => (event.sealed ? [event, event.sealed] : [event]))
      .map(({ subject, schema }) => [subject, JSON.stringify(schema)]),
  );
  const stale = subjectsOf(source).find(
    ({ subject, schema }) => generated.get(subject) !== JSON.stringify(schema),
  );
  if (stale === undefined) return;
  throw new CommandFailure(
    exitCodes.refused,
    `${stale.file}: the generated code is older than it. To mend: npm run codegen.`,
  );
}
