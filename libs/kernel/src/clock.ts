/** What time it is; injected, so that tests own it. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();
