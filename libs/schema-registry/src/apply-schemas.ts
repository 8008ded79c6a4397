import type { DataProduct } from '@samspill/contracts';
import { httpSchemaRegistry } from './http-schema-registry.ts';
import { recordsOf } from './records-of.ts';

export interface AppliedSchema {
  readonly subject: string;
  /** Schema id in the registry. */
  readonly id: number;
  /** False when just this schema was registered before. */
  readonly isNew: boolean;
}

export interface ApplySchemasOptions {
  readonly registryUrl: string;
  readonly products: readonly DataProduct[];
  readonly onProgress?: (applied: AppliedSchema) => void;
}

/**
 * The release step: registers every record, clear and sealed, under FULL_TRANSITIVE. Doing it again changes nothing.
 * Rejects with SCHEMA_REFUSED naming the subject, or SCHEMA_REGISTRY_UNAVAILABLE.
 */
export async function applySchemas({
  registryUrl,
  products,
  onProgress,
}: ApplySchemasOptions): Promise<AppliedSchema[]> {
  const registry = httpSchemaRegistry(registryUrl);
  const applied: AppliedSchema[] = [];
  // One after the other: a refusal then stops the rest, and the list says how far it went.
  for (const { subject, schema } of products.flatMap(recordsOf)) {
    const held = await registry.idOf(subject, schema);
    const id = held ?? (await registry.register(subject, schema));
    const one = { subject, id, isNew: held === undefined };
    applied.push(one);
    onProgress?.(one);
  }
  return applied;
}
