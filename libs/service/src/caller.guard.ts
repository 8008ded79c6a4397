import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import { callerMetadata, type CallerPort, type CallerRequest } from './caller.ts';
import { HttpRefusal } from './http-refusal.ts';

/** Lets a request through when its caller is known and holds the scope of the route; every route is closed unless marked. */
export class CallerGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly callers: CallerPort,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(callerMetadata.open, targets))
      return true;
    const request = context.switchToHttp().getRequest<CallerRequest>();
    const caller = this.callers(request);
    if (caller === undefined) {
      throw new HttpRefusal(401, [
        {
          code: 'login',
          place: 'header Samspill-Client',
          rule: 'a known client calls',
          mend: 'send the client id of the local client register',
        },
      ]);
    }
    const scope = this.reflector.getAllAndOverride<string | undefined>(
      callerMetadata.scope,
      targets,
    );
    if (scope === undefined || !caller.scopes.includes(scope)) {
      throw new HttpRefusal(403, [
        {
          code: 'forbidden',
          place: 'the client',
          rule: `the client holds the scope ${scope ?? '(none is defined for this route)'}`,
          mend: 'ask for the scope, or call with another client',
        },
      ]);
    }
    request.caller = caller;
    return true;
  }
}
