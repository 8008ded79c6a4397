/** How a subscription behaves in time and in size; the defaults are those of the engine guide, section 4. */
export interface SubscribeTimes {
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  /** How long the broker holds a fetch that finds nothing; also how fast a claim, a pause or a stop takes hold. */
  readonly fetchWaitMs: number;
  readonly fetchBytesMax: number;
  readonly fetchBytesPerPartitionMax: number;
  readonly partitionsConsumedConcurrently: number;
  /** Without a sign of life for so long the subscription counts as dead; a rebalance, which gives none, is shorter. */
  readonly aliveWithinMs: number;
  /** Pause of a partition whose batch is to come again; doubled each time up to the maximum. */
  readonly holdMinMs: number;
  readonly holdMaxMs: number;
}

export const subscribeDefaults: SubscribeTimes = {
  sessionTimeoutMs: 45_000,
  rebalanceTimeoutMs: 90_000,
  heartbeatIntervalMs: 3_000,
  fetchWaitMs: 250,
  fetchBytesMax: 8 * 1024 * 1024,
  fetchBytesPerPartitionMax: 1024 * 1024,
  partitionsConsumedConcurrently: 2,
  aliveWithinMs: 150_000,
  holdMinMs: 100,
  holdMaxMs: 5_000,
};
