import type { FastifyRequest } from 'fastify';
import { HttpRefusal } from './http-refusal.ts';

const formType = 'application/x-www-form-urlencoded';

/** The form of a search by POST; an empty body is an empty form, another media type is refused with 415. */
export function searchForm({ body, headers }: FastifyRequest): URLSearchParams {
  if (!Buffer.isBuffer(body) || body.length === 0) return new URLSearchParams();
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
