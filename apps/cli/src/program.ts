import { Command } from 'commander';
import { checkCommand } from './check/check.command.ts';
import { commandsBelow, pathOf } from './command-tree.ts';
import { completionCommand } from './completion/completion.command.ts';
import { doctorCommand } from './doctor/doctor.command.ts';
import { helpBelow } from './help-below.ts';
import { eventsFindCommand } from './events/find.command.ts';
import { eventsShowCommand } from './events/show.command.ts';
import { grantsCloseCommand, grantsOpenCommand } from './grants/grant.commands.ts';
import { keysShredCommand } from './keys/shred.command.ts';
import { lagCommand } from './lag/lag.command.ts';
import { downCommand } from './mesh/down.command.ts';
import { statusCommand } from './status/status.command.ts';
import { upCommand } from './mesh/up.command.ts';
import { parkedAcceptCommand } from './parked/accept.command.ts';
import { parkedListCommand } from './parked/list.command.ts';
import { parkedRequeueCommand } from './parked/requeue.command.ts';
import { parkedShowCommand } from './parked/show.command.ts';
import { publishCommand } from './publish/publish.command.ts';
import { rebuildDiscardCommand } from './rebuild/discard.command.ts';
import { rebuildRollBackCommand } from './rebuild/roll-back.command.ts';
import { rebuildStartCommand } from './rebuild/start.command.ts';
import { rebuildStatusCommand } from './rebuild/status.command.ts';
import { rebuildSwitchCommand } from './rebuild/switch.command.ts';
import { schemasApplyCommand } from './schemas/apply.command.ts';
import { schemasCheckCommand } from './schemas/check.command.ts';
import { simulateCommand } from './simulate/simulate.command.ts';
import { tailCommand } from './tail/tail.command.ts';

const examples = `
Examples:
  samspill up
  samspill status
  samspill help parked list`;

/**
 * `samspill` with all of its commands.
 * @param json what is wrong with the command line is left to the main file, which tells it as JSON
 */
export function samspill(json = false): Command {
  const program = new Command('samspill')
    .description(
      'Samspill, a health data mesh: the command line. In a checkout: npm run samspill -- COMMAND',
    )
    .option('--debug', 'show where an error came from')
    .option('--data-dir <folder>', 'where samspill up keeps data, secrets and logs (.samspill)')
    .addHelpText('after', helpBelow(examples));
  program.addCommand(upCommand());
  program.addCommand(statusCommand());
  program.addCommand(downCommand());
  program.addCommand(doctorCommand());
  program.addCommand(simulateCommand());
  program.addCommand(checkCommand());
  program.addCommand(publishCommand());
  program.addCommand(tailCommand());
  program.addCommand(
    group(
      'events',
      'where events are, and why readers see them or not',
      'samspill events show --help',
      [eventsShowCommand(), eventsFindCommand()],
    ),
  );
  program.addCommand(
    group('schemas', 'the schemas of the data products', 'samspill schemas check', [
      schemasCheckCommand(),
      schemasApplyCommand(),
    ]),
  );
  program.addCommand(
    group('keys', 'the data keys of patients', 'samspill keys shred --help', [keysShredCommand()]),
  );
  program.addCommand(
    group(
      'grants',
      "who may hold whose data: the key vault's grants to consumers",
      'samspill grants close --help',
      [grantsCloseCommand(), grantsOpenCommand()],
    ),
  );
  program.addCommand(lagCommand());
  program.addCommand(
    group('parked', 'patients who wait behind a record that was rejected', 'samspill parked list', [
      parkedListCommand(),
      parkedShowCommand(),
      parkedRequeueCommand(),
      parkedAcceptCommand(),
    ]),
  );
  program.addCommand(
    group(
      'rebuild',
      'versions of read models: build, check, switch, go back',
      'samspill rebuild status',
      [
        rebuildStartCommand(),
        rebuildStatusCommand(),
        rebuildSwitchCommand(),
        rebuildRollBackCommand(),
        rebuildDiscardCommand(),
      ],
    ),
  );
  program.addCommand(completionCommand());
  for (const command of commandsBelow(program)) {
    // The main file alone ends the process, after output is written.
    command.exitOverride().showHelpAfterError(`(${pathOf(command)} --help shows how)`);
    // Arguments stand in the command's own help; here they would push what it does out of 80 columns.
    command.configureHelp({ subcommandTerm: (below) => below.name() });
    if (json) command.configureOutput({ writeErr: () => undefined });
  }
  return program;
}

function group(
  name: string,
  description: string,
  example: string,
  commands: readonly Command[],
): Command {
  const command = new Command(name)
    .description(description)
    .addHelpText('after', helpBelow(`\nExamples:\n  ${example}`));
  for (const one of commands) command.addCommand(one);
  return command;
}
