import { keyVault, type Envelope } from '@samspill/contracts';
import type { OutgoingEvent } from '@samspill/event-log';
import type { EventId } from '@samspill/kernel';
import { clearEvent, contentMarkOf, eventIdOf, naturalKeyOf } from '@samspill/privacy';
import type { WireFormat } from '@samspill/schema-registry';
import type { OutboxRow } from './outbox.ts';

/** Outbox rows as events: the same row gives the same event, id included, however often it is published. */
export interface OutboxEvents {
  readonly idOf: (row: OutboxRow) => EventId;
  readonly eventOf: (row: OutboxRow) => OutgoingEvent;
}

/** `organisation` is the source of the events: the organisation number of the vault's main unit. */
export function outboxEvents(
  wire: Pick<WireFormat, 'frame'>,
  indexKey: Buffer,
  organisation: string,
): OutboxEvents {
  const source = {
    orgnrParent: organisation,
    orgnrChild: null,
    clientId: keyVault.domain,
    system: null,
  };
  const identityOf = ({ fact, event, facts, patient, occurredAt }: OutboxRow) => {
    const naturalKey = naturalKeyOf(indexKey, organisation, [fact]);
    const content = JSON.stringify([
      event,
      patient,
      occurredAt.getTime(),
      Object.entries(facts).sort(),
    ]);
    const contentMark = contentMarkOf(indexKey, content);
    const eventId = eventIdOf(indexKey, { organisation, naturalKey, contentMark });
    return { eventId, naturalKey, contentMark };
  };
  const envelopeOf = (row: OutboxRow): Envelope => {
    const at = row.occurredAt.getTime();
    const identity = identityOf(row);
    return {
      ...identity,
      occurredAt: at,
      recordedAt: at,
      source,
      correlationId: null,
      causationId: null,
    };
  };
  return {
    idOf: (row) => identityOf(row).eventId,
    eventOf: (row) => {
      const envelope = envelopeOf(row);
      const { events } = keyVault;
      const { patient } = row;
      switch (row.event) {
        case 'GrantOpened': {
          const clear = { envelope, ...row.facts };
          return clearEvent(wire, events.GrantOpened, { patient, clear });
        }
        case 'GrantClosed': {
          const clear = { envelope, ...row.facts };
          return clearEvent(wire, events.GrantClosed, { patient, clear });
        }
        case 'KeyShredded': {
          const clear = { envelope, ...row.facts };
          return clearEvent(wire, events.KeyShredded, { patient, clear });
        }
      }
    },
  };
}
