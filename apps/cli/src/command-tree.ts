import type { Command } from 'commander';

/** The command with all below it. */
export const commandsBelow = (command: Command): Command[] => [
  command,
  ...command.commands.flatMap(commandsBelow),
];

/** As it is typed: `samspill parked list`. */
export const pathOf = (command: Command): string =>
  command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;

/** Those that do something, and not only group others. */
export const doingCommands = (program: Command): Command[] =>
  commandsBelow(program).filter(({ commands }) => commands.length === 0);
