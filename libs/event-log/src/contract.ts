import { describe } from 'vitest';
import type { ContractLog } from './contract/contract-log.ts';
import { publishingContract } from './contract/publishing.ts';
import { readingContract } from './contract/reading.ts';
import { sharingContract } from './contract/sharing.ts';
import { subscribingContract } from './contract/subscribing.ts';

export type { ContractLog } from './contract/contract-log.ts';

/** What every event log promises, as tests. `log` is asked for within the tests, after the caller's own set-up. */
export function eventLogContract(name: string, log: () => ContractLog): void {
  describe(`the event log contract: ${name}`, () => {
    describe('publishing', () => publishingContract(log));
    describe('subscribing', () => subscribingContract(log));
    describe('reading one partition', () => readingContract(log));
    describe('sharing a group', () => sharingContract(log));
  });
}
