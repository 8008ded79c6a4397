/** What a proxy does to the connections that go through it. */
export type NetworkFault =
  /** Every piece of data comes later. */
  | { readonly kind: 'latency'; readonly ms: number }
  | { readonly kind: 'bandwidth'; readonly bytesPerSecond: number }
  /** Connections are taken and nothing passes, in either direction. What was sent arrives once healed, as after a cut cable. */
  | { readonly kind: 'half-open' }
  /** One direction passes nothing; arrives once healed. */
  | { readonly kind: 'cut'; readonly direction: Direction }
  /**
   * Of what a server says on a connection so many more bytes pass; then the connection breaks: the request was carried
   * out and its answer is lost.
   */
  | { readonly kind: 'drop-responses'; readonly afterBytes: number }
  /** Connections are refused, and those there are break. */
  | { readonly kind: 'refuse' };

export type Direction = 'to-server' | 'to-client';
