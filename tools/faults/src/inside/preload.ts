// Loaded before a service under test: lets its clock jump, and its process end in the midst of a batch. The service itself
// has no hook for either; what is put in is the probe that libs/read-model offers to its own tests.
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { ordersSetting, ordersSignal, type InstanceOrders } from './orders.ts';

let orders: InstanceOrders = {};
let timesLeft = 0;

const file = process.env[ordersSetting];
process.on(ordersSignal, () => {
  if (file === undefined) return;
  orders = JSON.parse(readFileSync(file, 'utf8')) as InstanceOrders;
  timesLeft = orders.crashAt?.times ?? 0;
});

const probeName = 'samspillFaultProbe';
Reflect.set(globalThis, probeName, (point: string): void => {
  if (point !== orders.crashAt?.point) return;
  timesLeft -= 1;
  if (timesLeft === 0) process.kill(process.pid, 'SIGKILL');
});

registerHooks({
  load: (url, context, next) =>
    new URL(url).pathname.endsWith('/libs/read-model/src/probe.ts')
      ? {
          format: 'module',
          source: `export const noProbe = (point) => globalThis.${probeName}(point);`,
          shortCircuit: true,
        }
      : next(url, context),
});

const RealDate = Date;
const now = (): number => RealDate.now() + (orders.clockShiftMs ?? 0);
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args: unknown[], newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as Date,
  apply: () => new RealDate(now()).toString(),
  get: (target, key, receiver) =>
    key === 'now' ? now : (Reflect.get(target, key, receiver) as unknown),
});
