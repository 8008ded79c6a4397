import type { ErrorCode } from '@samspill/kernel';
import type { ParkingStop } from '@samspill/read-model';
import type { PartitionStanding } from './lag-watch.ts';

/** How far one version of a read model is behind on one partition, and what keeps it there, as operators are told. */
export interface PartitionLag extends Pick<
  PartitionStanding,
  'topic' | 'partition' | 'next' | 'end' | 'records' | 'behindSeconds' | 'owner'
> {
  /** Why it does not move. */
  readonly held: { readonly code: ErrorCode; readonly since: Date | null } | null;
  /** Codes with which nobody more is parked, since too many were. */
  readonly stops: readonly {
    readonly code: ErrorCode;
    readonly since: Date;
    /** True: those who are catching up wait, and the live stream goes on. */
    readonly catchingUp: boolean;
    readonly atOffset: number;
  }[];
}

/** `stops`: those of the whole service. */
export function partitionLag(
  standing: PartitionStanding,
  stops: readonly ParkingStop[],
): PartitionLag {
  const { projection, version, topic, partition, heldFor, heldSince, ...rest } = standing;
  const { next, end, records, behindSeconds, owner } = rest;
  return {
    ...{ topic, partition, next, end, records, behindSeconds, owner },
    held: heldFor === null ? null : { code: heldFor, since: heldSince },
    stops: stops
      .filter(
        (stop) =>
          stop.projection === projection &&
          stop.version === version &&
          stop.topic === topic &&
          stop.partition === partition,
      )
      .map(({ code, since, catchingUp, atOffset }) => ({ code, since, catchingUp, atOffset })),
  };
}
