import {
  COMPATIBILITY,
  SchemaRegistry as Client,
  SchemaType,
} from '@kafkajs/confluent-schema-registry';
import type { AvroSchema } from '@samspill/contracts';
import { SamspillError } from '@samspill/kernel';
import type { SchemaRegistry } from './schema-registry.ts';

const answerWithinMs = 10_000;

/**
 * The Confluent-compatible API of a registry (conventions guide, section 2).
 * @param url base of the API, for Apicurio `http://HOST:PORT/apis/ccompat/v7`
 */
export function httpSchemaRegistry(url: string): SchemaRegistry {
  const client = new Client({ host: url, retry: { retries: 2, maxRetryTimeInSecs: 2 } });
  const confluent = (schema: AvroSchema) => ({
    type: SchemaType.AVRO as const,
    schema: JSON.stringify(schema),
  });
  const ask = <T>(call: () => Promise<T>): Promise<T> => answered(url, call);

  /** The client has neither a list of versions nor their text. */
  const get = async (path: string): Promise<unknown> => {
    const response = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(answerWithinMs) });
    if (response.status === 404) return undefined;
    if (!response.ok) throw new Error(`${path}: status ${response.status}`);
    return response.json();
  };

  return {
    schemaOf: (id) =>
      ask(async () => {
        const found = (await get(`/schemas/ids/${id}`)) as { schema: string } | undefined;
        return found && (JSON.parse(found.schema) as AvroSchema);
      }),
    idOf: (subject, schema) =>
      ask(() =>
        client.getRegistryIdBySchema(subject, confluent(schema)).catch(undefinedWhenAbsent),
      ),
    versionsOf: (subject) =>
      ask(async () => {
        const path = `/subjects/${encodeURIComponent(subject)}/versions`;
        const versions = ((await get(path)) as number[] | undefined) ?? [];
        const found = await Promise.all(versions.map((version) => get(`${path}/${version}`)));
        return found.map(
          (version) => JSON.parse((version as { schema: string }).schema) as AvroSchema,
        );
      }),
    register: (subject, schema) =>
      ask(async () => {
        const options = { subject, compatibility: COMPATIBILITY.FULL_TRANSITIVE };
        const { id } = await client.register(confluent(schema), options).catch(refusal(subject));
        return id;
      }),
  };
}

/** Runs a call within the deadline; whatever goes wrong in it on the way is the registry's absence. */
async function answered<T>(url: string, call: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer within ${answerWithinMs} ms`)),
      answerWithinMs,
    );
  });
  try {
    return await Promise.race([call(), late]);
  } catch (cause) {
    if (cause instanceof SamspillError) throw cause;
    throw new SamspillError('SCHEMA_REGISTRY_UNAVAILABLE', { place: url, cause });
  } finally {
    clearTimeout(timer);
  }
}

/** The client wraps a 404 of this one call into an error without a status: "not found" is in its text alone. */
function undefinedWhenAbsent(error: unknown): undefined {
  if (statusOf(error) === 404 || (error as Error).name === 'ConfluentSchemaRegistryError') return;
  throw error;
}

const refusal = (subject: string) => (error: unknown) => {
  const status = statusOf(error);
  if (status === 409 || status === 422) {
    throw new SamspillError('SCHEMA_REFUSED', { place: subject, cause: error });
  }
  throw error;
};

const statusOf = (error: unknown): unknown =>
  error instanceof Error && 'status' in error ? error.status : undefined;
