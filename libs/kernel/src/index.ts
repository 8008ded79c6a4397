export { backOffMs, type BackOff } from './back-off.ts';
export {
  SamspillError,
  errorCatalogue,
  isRetriable,
  throwUnlessRetriable,
  toldProblem,
  type ErrorCode,
  type ErrorDetails,
} from './errors.ts';
export {
  isEventId,
  isPseudonym,
  newPseudonym,
  uuidV8,
  type EventId,
  type Pseudonym,
} from './ids.ts';
export {
  formatPosition,
  formatPositions,
  parsePosition,
  parsePositions,
  type Position,
} from './position.ts';
export { systemClock, type Clock } from './clock.ts';
export { gathered, type Gathering } from './gathered.ts';
export { pause } from './pause.ts';
export { failSpan, inChildSpan, inSpan, isTracing, linkTo } from './span.ts';
export { within } from './within.ts';
export { refuseProductionMode } from './production-mode.ts';
