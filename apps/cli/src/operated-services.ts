import { toldProblem } from '@samspill/kernel';
import type { ServiceName } from '@samspill/testing';
import { Option } from 'commander';
import { askService, type ServiceQuestion } from './ask-service.ts';
import { CommandFailure, type CommandProblem } from './command-failure.ts';
import { exitCodes } from './exit-codes.ts';
import { dataDirOf, serviceUrl } from './mesh-addresses.ts';

/** The services that keep read models. */
export const operatedServices = ['measurements', 'emergency-ward'] as const satisfies ServiceName[];
export type OperatedService = (typeof operatedServices)[number];

/** Of every command that asks them. */
export interface OperatorOptions {
  readonly service?: OperatedService;
  readonly client: string;
  readonly json: boolean;
  readonly dataDir?: string;
}

export const serviceOption = (): Option =>
  new Option('--service <name>', 'this service alone; else all that keep read models').choices(
    operatedServices,
  );
export const clientOption = (): Option =>
  new Option('--client <id>', 'client that asks').default('operator');

export const projectionOption = (): Option =>
  new Option('--projection <name>', 'in this projection of --service alone');

/** Names of projections are a service's own. */
export function requireServiceOf({
  service,
  projection,
}: {
  readonly service?: OperatedService;
  readonly projection?: string;
}): void {
  if (projection === undefined || service !== undefined) return;
  throw new CommandFailure(exitCodes.usage, {
    place: '--projection',
    rule: 'the service that keeps it is named',
    mend: 'add --service',
  });
}

/** What one service answered, or why it did not. */
export type Asked<Answer> = { readonly service: OperatedService } & (
  | { readonly answer: Answer; readonly failure?: never }
  | { readonly failure: CommandFailure; readonly answer?: never }
);

/** Asks one service. Fails as {@link askService} does. */
export async function askOne<Answer>(
  service: OperatedService,
  { client, dataDir }: OperatorOptions,
  question: Omit<ServiceQuestion<Answer>, 'client'>,
): Promise<Answer> {
  const url = await serviceUrl(service, { dataDir: dataDirOf(dataDir) });
  return askService(url, { ...question, client });
}

/** Asks the service that was named, else each. One that is away does not hide what the others say. */
export const askEach = <Answer>(
  options: OperatorOptions,
  question: Omit<ServiceQuestion<Answer>, 'client'>,
): Promise<Asked<Answer>[]> =>
  Promise.all(
    (options.service === undefined ? operatedServices : [options.service]).map(
      async (service): Promise<Asked<Answer>> => {
        try {
          return { service, answer: await askOne(service, options, question) };
        } catch (failure) {
          if (failure instanceof CommandFailure) return { service, failure };
          throw failure;
        }
      },
    ),
  );

export const answersOf = <Answer>(asked: readonly Asked<Answer>[]): Answer[] =>
  asked.flatMap(({ answer }) => answer ?? []);

/** Who did not answer, and why. */
const problemsOf = (asked: readonly Asked<unknown>[]): CommandProblem[] =>
  asked.flatMap(({ service, failure }) =>
    (failure?.problems ?? []).map((one) => ({
      ...one,
      place: one.place === service ? service : `${service}: ${one.place}`,
    })),
  );

/** The same, line by line. */
export const failureLines = (asked: readonly Asked<unknown>[]): string[] =>
  problemsOf(asked).map(toldProblem);

/** After what was answered has been shown: ends the command with the failures there were. */
export function throwFailures(asked: readonly Asked<unknown>[]): void {
  const first = asked.find(({ failure }) => failure !== undefined)?.failure;
  if (first !== undefined) throw new CommandFailure(first.exitCode, problemsOf(asked), first);
}
