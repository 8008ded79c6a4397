import { Command } from 'commander';
import { checkCommand } from './check/check.command.ts';
import { helpBelow } from './exit-codes.ts';
import { grantsCloseCommand, grantsOpenCommand } from './grants/grant.commands.ts';
import { keysShredCommand } from './keys/shred.command.ts';
import { lagCommand } from './lag/lag.command.ts';
import { downCommand } from './mesh/down.command.ts';
import { statusCommand } from './mesh/status.command.ts';
import { upCommand } from './mesh/up.command.ts';
import { parkedAcceptCommand } from './parked/accept.command.ts';
import { parkedListCommand } from './parked/list.command.ts';
import { parkedRequeueCommand } from './parked/requeue.command.ts';
import { parkedShowCommand } from './parked/show.command.ts';
import { rebuildDiscardCommand } from './rebuild/discard.command.ts';
import { rebuildRollBackCommand } from './rebuild/roll-back.command.ts';
import { rebuildStartCommand } from './rebuild/start.command.ts';
import { rebuildStatusCommand } from './rebuild/status.command.ts';
import { rebuildSwitchCommand } from './rebuild/switch.command.ts';
import { schemasApplyCommand } from './schemas/apply.command.ts';
import { schemasCheckCommand } from './schemas/check.command.ts';
import { simulateCommand } from './simulate/simulate.command.ts';

/** `samspill` with all of its commands. */
export function samspill(): Command {
  const program = new Command('samspill')
    .description(
      'Samspill, a health data mesh: the command line. In a checkout: npm run samspill -- COMMAND',
    )
    .option('--debug', 'show where an error came from')
    .option('--data-dir <folder>', 'where samspill up keeps data, secrets and logs (.samspill)')
    .addHelpText('after', helpBelow());
  program.addCommand(upCommand());
  program.addCommand(statusCommand());
  program.addCommand(downCommand());
  program.addCommand(simulateCommand());
  program.addCommand(checkCommand());
  program.addCommand(
    group('schemas', 'the schemas of the data products', [
      schemasCheckCommand(),
      schemasApplyCommand(),
    ]),
  );
  program.addCommand(group('keys', 'the data keys of patients', [keysShredCommand()]));
  program.addCommand(
    group('grants', "who may hold whose data: the key vault's grants to consumers", [
      grantsCloseCommand(),
      grantsOpenCommand(),
    ]),
  );
  program.addCommand(lagCommand());
  program.addCommand(
    group('parked', 'patients who wait behind a record that was rejected', [
      parkedListCommand(),
      parkedShowCommand(),
      parkedRequeueCommand(),
      parkedAcceptCommand(),
    ]),
  );
  program.addCommand(
    group('rebuild', 'versions of read models: build, check, switch, go back', [
      rebuildStartCommand(),
      rebuildStatusCommand(),
      rebuildSwitchCommand(),
      rebuildRollBackCommand(),
      rebuildDiscardCommand(),
    ]),
  );
  throwInsteadOfExit(program);
  return program;
}

function group(name: string, description: string, commands: readonly Command[]): Command {
  const command = new Command(name).description(description).addHelpText('after', helpBelow());
  for (const one of commands) command.addCommand(one);
  return command;
}

/** The main file alone ends the process, after output is written. */
function throwInsteadOfExit(command: Command): void {
  command.exitOverride().showHelpAfterError('(--help shows how)');
  for (const one of command.commands) throwInsteadOfExit(one);
}
