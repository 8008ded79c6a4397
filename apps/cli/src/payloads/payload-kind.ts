import { isObject, isRefusedBody, parseExactJson } from '@samspill/fhir';

export type PayloadKind = 'Bundle' | 'Observation' | 'XML';

/** Where a body goes. What is neither XML nor an Observation goes as a Bundle, and is told what is wrong with it. */
export function kindOf(body: Buffer): PayloadKind {
  if (/^\s*</.test(body.toString('utf8', 0, 100))) return 'XML';
  const read = parseExactJson(body);
  if (isRefusedBody(read) || !isObject(read.json)) return 'Bundle';
  return read.json['resourceType'] === 'Observation' ? 'Observation' : 'Bundle';
}
