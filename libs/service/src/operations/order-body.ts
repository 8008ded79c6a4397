import { z } from 'zod';
import { readJsonBody } from '../json-body.ts';

/** Name of a projection. */
export const projectionName = z.string().min(1).max(100);

/** Reads the body of an order; throws as `readJsonBody`. */
export const readOrder = <Body>(form: z.ZodType<Body>, body: unknown): Body =>
  readJsonBody(form, body, 'send what the README of libs/service shows under "Operations"');
