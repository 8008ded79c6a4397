import type { EventLogLogger } from '@samspill/event-log';
import type { SamspillError } from '@samspill/kernel';
import { ParkingStopped } from './parking-limit.ts';

/** Tells those who run the service why nothing moves: an error where it does not pass by itself. */
export function tellHeld(
  logger: EventLogLogger,
  at: object,
  cause: SamspillError,
  message: 'held' | 'catching up is held',
): void {
  const level = cause instanceof ParkingStopped ? 'error' : 'warn';
  logger[level]({ ...at, code: cause.code, place: cause.place }, message);
}
