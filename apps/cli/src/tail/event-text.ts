import { colours } from '../terminal.ts';
import type { Opening } from './open-contents.ts';
import type { TailedEvent } from './tailed-event.ts';

/** An event in a few lines: what and whose, where, the clear fields, and the content where it was opened. */
export function eventText(event: TailedEvent): string {
  const { time, type = 'no type', patient = 'no patient', facts, opening } = event;
  const head = [time, colours.bold(type), colours.cyan(patient), stateOf(event)];
  const from = [event.source, event.client].filter(Boolean).join(' by ');
  const where = [event.eventId ?? 'no event id', `at ${event.position}`, from && `from ${from}`];
  const told = Object.entries(facts).map(([name, value]) => `${name} ${textOf(value)}`);
  return [
    head.join(' '),
    colours.dim(`  ${where.filter(Boolean).join(' ')}`),
    ...(told.length > 0 ? [colours.dim(`  ${told.join(', ')}`)] : []),
    ...(opening?.outcome === 'opened' ? [indented(opening.content)] : []),
  ].join('\n');
}

function stateOf({ problem, opening, keyVersion }: TailedEvent): string {
  if (problem !== undefined) return colours.red(`cannot be read: ${problem}`);
  if (opening === undefined) return 'clear';
  return `${openingWords(opening)} (key version ${keyVersion})`;
}

function openingWords(opening: Opening): string {
  switch (opening.outcome) {
    case 'sealed':
      return 'sealed';
    case 'opened':
      return colours.green('opened');
    case 'withheld':
      return colours.yellow('withheld: the grant of the consumer is closed');
    case 'shredded':
      return colours.yellow('shredded: the key is destroyed, nobody can open it again');
    case 'unavailable':
      return colours.red(`not opened: ${opening.reason}`);
    case 'unreadable':
      return colours.red(`cannot be opened: ${opening.reason}`);
  }
}

const textOf = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : Array.isArray(value)
      ? value.join('+')
      : JSON.stringify(value);

const indented = (content: unknown): string =>
  JSON.stringify(content, undefined, 2).replace(/^/gm, '  ');
