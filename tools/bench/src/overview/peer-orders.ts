export interface PeerSetting {
  readonly databaseUrl: string;
  readonly port: number;
}

export type PeerOrders = { readonly end: () => Promise<void> };

/** What the peer answers of a patient: what the ward's overview is made of, without its judgements. */
export interface PeerOverview {
  readonly series: readonly {
    readonly series: string;
    readonly latest: object;
    /** At most 100, the latest last. */
    readonly points: readonly { readonly at: string; readonly value: string | null }[];
  }[];
  readonly sources: readonly object[];
  readonly retracted: readonly object[];
}
