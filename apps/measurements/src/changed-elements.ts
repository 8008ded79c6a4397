import { canonicalJson, isObject, parseExactJson, type JsonObject } from '@samspill/fhir';

/** Elements of an Observation whose content differs, as FHIR paths; none where the former resource is not at hand. */
export function changedElements(former: string | undefined, present: string): string[] {
  const before = former === undefined ? undefined : read(former);
  const after = read(present);
  if (before === undefined || after === undefined) return [];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const form = (resource: JsonObject, name: string) =>
    resource[name] === undefined ? '' : canonicalJson(resource[name]);
  return names
    .filter((name) => form(before, name) !== form(after, name))
    .map((name) => `Observation.${name}`);
}

function read(resource: string): JsonObject | undefined {
  const result = parseExactJson(Buffer.from(resource));
  return 'json' in result && isObject(result.json) ? result.json : undefined;
}
