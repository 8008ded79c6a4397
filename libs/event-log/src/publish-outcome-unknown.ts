import { SamspillError, type Position } from '@samspill/kernel';

/** PUBLISH_OUTCOME_UNKNOWN with what is still to come: the events stay queued and go on being sent. */
export class PublishOutcomeUnknown extends SamspillError {
  /**
   * Resolves with the positions when the log acknowledges after all, rejects when nothing was sent after all; stays open
   * where the publisher ends before.
   */
  constructor(readonly late: Promise<readonly Position[]>) {
    super('PUBLISH_OUTCOME_UNKNOWN');
  }
}
