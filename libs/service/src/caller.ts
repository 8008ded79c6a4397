import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { ClientRegister } from './client-register.ts';

/** Who calls: the one thing that controllers know about identity. */
export interface Caller {
  readonly clientId: string;
  readonly orgnrParent: string;
  readonly orgnrChild: string | null;
  readonly scopes: readonly string[];
  /** Other organisations that the client may send for. */
  readonly sendsFor: readonly string[];
}

/** Tells who sent a request; undefined when that cannot be told. */
export type CallerPort = (request: FastifyRequest) => Caller | undefined;

/** Takes the header `Samspill-Client` at its word; fit for loopback alone. */
export const callersFromRegister =
  (register: ClientRegister): CallerPort =>
  (request) => {
    const clientId = request.headers['samspill-client'];
    if (typeof clientId !== 'string') return undefined;
    const client = register.get(clientId);
    return client && { ...client, clientId, orgnrChild: client.orgnrChild ?? null };
  };

export interface CallerRequest extends FastifyRequest {
  caller?: Caller;
}

/** Injects the caller that the guard has established. */
export const CallerOf = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<CallerRequest>();
  if (caller === undefined) throw new Error('a route with @CallerOf() stands outside the guard');
  return caller;
});

const SCOPE = 'samspill:scope';
const OPEN = 'samspill:open';

/** The scope that a route asks for. */
export const RequireScope = (scope: string): MethodDecorator & ClassDecorator =>
  SetMetadata(SCOPE, scope);

/** A route that anybody may call: health, metrics, capability. */
export const OpenToAll = (): MethodDecorator & ClassDecorator => SetMetadata(OPEN, true);

export const callerMetadata = { scope: SCOPE, open: OPEN } as const;
