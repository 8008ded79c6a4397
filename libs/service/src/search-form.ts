import type { FastifyRequest } from 'fastify';
import { HttpRefusal } from './http-refusal.ts';

const formType = 'application/x-www-form-urlencoded';

/** Far above any search; each of its conditions costs time here and in the database. */
const formBytesMax = 64 * 1024;

/**
 * The form of a search by POST; an empty body is an empty form. Throws HttpRefusal 415 for another media type, 406 for a
 * sender that takes no JSON, and 413 for a form of more than 64 KiB.
 */
export function searchForm({ body, headers }: FastifyRequest): URLSearchParams {
  if (!acceptsJson(headers.accept)) throw notAcceptable();
  if (!Buffer.isBuffer(body) || body.length === 0) return new URLSearchParams();
  if (body.length > formBytesMax) throw formTooLong();
  if (headers['content-type']?.toLowerCase().startsWith(formType)) {
    return new URLSearchParams(body.toString('utf8'));
  }
  const problem = {
    code: 'not-supported',
    place: 'header content-type',
    rule: `a search is a form: ${formType}`,
    mend: `send the parameters as ${formType}`,
  };
  throw new HttpRefusal(415, [problem]);
}

/** True unless the header Accept leaves no room for `application/fhir+json`. */
export const acceptsJson = (accept: string | undefined): boolean =>
  accept === undefined || /(\*|application)\/(\*|(fhir\+)?json)/i.test(accept);

const formTooLong = (): HttpRefusal =>
  new HttpRefusal(413, [
    {
      code: 'too-long',
      place: 'the body',
      rule: `a search has at most ${formBytesMax / 1024} KiB`,
      mend: 'ask for less at once',
    },
  ]);

const notAcceptable = (): HttpRefusal =>
  new HttpRefusal(406, [
    {
      code: 'not-supported',
      place: 'header accept',
      rule: 'an answer is application/fhir+json',
      mend: 'send Accept: application/fhir+json',
    },
  ]);

/** The parameters in the URL. */
export const urlParameters = ({ url }: FastifyRequest): URLSearchParams => {
  const at = url.indexOf('?');
  return new URLSearchParams(at === -1 ? '' : url.slice(at + 1));
};

/** A search by GET would put the patient into a URL. */
export const searchByGetRefused = (): HttpRefusal =>
  new HttpRefusal(
    405,
    [
      {
        code: 'not-supported',
        place: 'the method',
        rule: 'a search is sent by POST, since URLs are logged on their way',
        mend: 'send the parameters as a form by POST to _search',
      },
    ],
    { allow: 'POST' },
  );
