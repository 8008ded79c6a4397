import type { HomeBundle } from '@samspill/testing';
import type { Outcome } from '../intake/intake-answer.ts';
import { sendPayload, type SendOptions } from '../intake/send-payload.ts';

export type PostOptions = Omit<SendOptions, 'sourceSystem' | 'patient'>;

/** Posts a bundle as {@link sendPayload} does; answers with what became of each measurement. */
export async function postBundle(
  { body, measurements }: HomeBundle,
  options: PostOptions,
): Promise<Outcome[]> {
  const payload = { path: '/', body, contentType: 'application/fhir+json' } as const;
  const { answers } = await sendPayload(payload, { ...options, sourceSystem: 'samspill simulate' });
  const byEntry = new Map(answers.map(({ entry, outcome }) => [entry, outcome]));
  return Array.from(
    { length: measurements },
    (_, at) => byEntry.get(at) ?? byEntry.get(undefined) ?? 'unclear',
  );
}
