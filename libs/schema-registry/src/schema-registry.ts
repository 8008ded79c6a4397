import type { AvroSchema } from '@samspill/contracts';

/** What Samspill asks of a schema registry. Every call rejects with SCHEMA_REGISTRY_UNAVAILABLE when it gets no answer. */
export interface SchemaRegistry {
  /** The schema that an id of the wire format names; undefined when the registry has no such id. */
  schemaOf(id: number): Promise<AvroSchema | undefined>;
  /** The id of just this schema under a subject; undefined when it is not registered there. */
  idOf(subject: string, schema: AvroSchema): Promise<number | undefined>;
  /** Every version of a subject, oldest first; empty when the subject is not there. */
  versionsOf(subject: string): Promise<AvroSchema[]>;
  /** Registers under FULL_TRANSITIVE, once: the same schema again gives the same id. Rejects with SCHEMA_REFUSED. */
  register(subject: string, schema: AvroSchema): Promise<number>;
}
