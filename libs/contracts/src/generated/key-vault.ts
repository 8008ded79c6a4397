// Generated from schemas/key-vault by `npm run codegen`. Change it there.

import { eventType, type DataProduct } from '../data-product.ts';
import type { Envelope } from './common.ts';

/** A consumer may from now on open one patient's events of one product. */
export interface GrantOpened {
  readonly envelope: Envelope;
  /** Client id of the consumer. */
  readonly consumer: string;
  readonly product: string;
}

/** A consumer may no longer hold one patient's data of one product: its rows go. */
export interface GrantClosed {
  readonly envelope: Envelope;
  /** Client id of the consumer. */
  readonly consumer: string;
  readonly product: string;
  readonly cause: string;
}

/** A data key is destroyed, and with it what it sealed in every copy of the log. All versions up to keyVersion are gone. */
export interface KeyShredded {
  readonly envelope: Envelope;
  readonly product: string;
  /** The highest destroyed version. */
  readonly keyVersion: number;
  readonly cause: string;
}

const names = { product: 'key-vault.patient-state', topic: 'key-vault.patient-state.v1' };

const events = {
  GrantOpened: eventType<GrantOpened>(names, 'samspill.key_vault.GrantOpened', {
    type: 'record',
    name: 'GrantOpened',
    namespace: 'samspill.key_vault',
    doc: "A consumer may from now on open one patient's events of one product.",
    fields: [
      {
        name: 'envelope',
        type: {
          type: 'record',
          name: 'Envelope',
          namespace: 'samspill.common',
          doc: 'The clear fields that every event carries. No clinical content and no national id (design D3, D5).',
          fields: [
            {
              name: 'eventId',
              type: 'string',
              doc: "UUIDv8 of an HMAC under the product's index key (design D4); equals ce_id.",
            },
            {
              name: 'occurredAt',
              type: { type: 'long', logicalType: 'timestamp-millis' },
              doc: "When the fact took place, at the source's word; a date without a time counts as its first instant in UTC.",
            },
            {
              name: 'recordedAt',
              type: { type: 'long', logicalType: 'timestamp-millis' },
              doc: 'When the publishing service accepted it.',
            },
            {
              name: 'naturalKey',
              type: 'string',
              doc: 'HMAC of the key by which the source knows the fact.',
            },
            {
              name: 'contentMark',
              type: 'string',
              doc: 'HMAC of what the source sent, in canonical form; never of receipt time or warnings.',
            },
            {
              name: 'source',
              type: {
                type: 'record',
                name: 'Source',
                fields: [
                  {
                    name: 'orgnrParent',
                    type: 'string',
                    doc: 'Organisation number of the main unit.',
                  },
                  {
                    name: 'orgnrChild',
                    type: ['null', 'string'],
                    default: null,
                    doc: 'Organisation number of the sub-unit.',
                  },
                  { name: 'clientId', type: 'string' },
                  {
                    name: 'system',
                    type: ['null', 'string'],
                    default: null,
                    doc: 'nhn-source-system: name and version of the sending system.',
                  },
                ],
              },
            },
            {
              name: 'correlationId',
              type: ['null', 'string'],
              default: null,
              doc: 'nhn-event-id of the call.',
            },
            {
              name: 'causationId',
              type: ['null', 'string'],
              default: null,
              doc: 'Event id of what led to this event.',
            },
          ],
        },
      },
      { name: 'consumer', type: 'string', doc: 'Client id of the consumer.' },
      { name: 'product', type: 'string' },
    ],
  }),
  GrantClosed: eventType<GrantClosed>(names, 'samspill.key_vault.GrantClosed', {
    type: 'record',
    name: 'GrantClosed',
    namespace: 'samspill.key_vault',
    doc: "A consumer may no longer hold one patient's data of one product: its rows go.",
    fields: [
      {
        name: 'envelope',
        type: {
          type: 'record',
          name: 'Envelope',
          namespace: 'samspill.common',
          doc: 'The clear fields that every event carries. No clinical content and no national id (design D3, D5).',
          fields: [
            {
              name: 'eventId',
              type: 'string',
              doc: "UUIDv8 of an HMAC under the product's index key (design D4); equals ce_id.",
            },
            {
              name: 'occurredAt',
              type: { type: 'long', logicalType: 'timestamp-millis' },
              doc: "When the fact took place, at the source's word; a date without a time counts as its first instant in UTC.",
            },
            {
              name: 'recordedAt',
              type: { type: 'long', logicalType: 'timestamp-millis' },
              doc: 'When the publishing service accepted it.',
            },
            {
              name: 'naturalKey',
              type: 'string',
              doc: 'HMAC of the key by which the source knows the fact.',
            },
            {
              name: 'contentMark',
              type: 'string',
              doc: 'HMAC of what the source sent, in canonical form; never of receipt time or warnings.',
            },
            {
              name: 'source',
              type: {
                type: 'record',
                name: 'Source',
                fields: [
                  {
                    name: 'orgnrParent',
                    type: 'string',
                    doc: 'Organisation number of the main unit.',
                  },
                  {
                    name: 'orgnrChild',
                    type: ['null', 'string'],
                    default: null,
                    doc: 'Organisation number of the sub-unit.',
                  },
                  { name: 'clientId', type: 'string' },
                  {
                    name: 'system',
                    type: ['null', 'string'],
                    default: null,
                    doc: 'nhn-source-system: name and version of the sending system.',
                  },
                ],
              },
            },
            {
              name: 'correlationId',
              type: ['null', 'string'],
              default: null,
              doc: 'nhn-event-id of the call.',
            },
            {
              name: 'causationId',
              type: ['null', 'string'],
              default: null,
              doc: 'Event id of what led to this event.',
            },
          ],
        },
      },
      { name: 'consumer', type: 'string', doc: 'Client id of the consumer.' },
      { name: 'product', type: 'string' },
      { name: 'cause', type: 'string' },
    ],
  }),
  KeyShredded: eventType<KeyShredded>(names, 'samspill.key_vault.KeyShredded', {
    type: 'record',
    name: 'KeyShredded',
    namespace: 'samspill.key_vault',
    doc: 'A data key is destroyed, and with it what it sealed in every copy of the log. All versions up to keyVersion are gone.',
    fields: [
      {
        name: 'envelope',
        type: {
          type: 'record',
          name: 'Envelope',
          namespace: 'samspill.common',
          doc: 'The clear fields that every event carries. No clinical content and no national id (design D3, D5).',
          fields: [
            {
              name: 'eventId',
              type: 'string',
              doc: "UUIDv8 of an HMAC under the product's index key (design D4); equals ce_id.",
            },
            {
              name: 'occurredAt',
              type: { type: 'long', logicalType: 'timestamp-millis' },
              doc: "When the fact took place, at the source's word; a date without a time counts as its first instant in UTC.",
            },
            {
              name: 'recordedAt',
              type: { type: 'long', logicalType: 'timestamp-millis' },
              doc: 'When the publishing service accepted it.',
            },
            {
              name: 'naturalKey',
              type: 'string',
              doc: 'HMAC of the key by which the source knows the fact.',
            },
            {
              name: 'contentMark',
              type: 'string',
              doc: 'HMAC of what the source sent, in canonical form; never of receipt time or warnings.',
            },
            {
              name: 'source',
              type: {
                type: 'record',
                name: 'Source',
                fields: [
                  {
                    name: 'orgnrParent',
                    type: 'string',
                    doc: 'Organisation number of the main unit.',
                  },
                  {
                    name: 'orgnrChild',
                    type: ['null', 'string'],
                    default: null,
                    doc: 'Organisation number of the sub-unit.',
                  },
                  { name: 'clientId', type: 'string' },
                  {
                    name: 'system',
                    type: ['null', 'string'],
                    default: null,
                    doc: 'nhn-source-system: name and version of the sending system.',
                  },
                ],
              },
            },
            {
              name: 'correlationId',
              type: ['null', 'string'],
              default: null,
              doc: 'nhn-event-id of the call.',
            },
            {
              name: 'causationId',
              type: ['null', 'string'],
              default: null,
              doc: 'Event id of what led to this event.',
            },
          ],
        },
      },
      { name: 'product', type: 'string' },
      { name: 'keyVersion', type: 'int', doc: 'The highest destroyed version.' },
      { name: 'cause', type: 'string' },
    ],
  }),
};

/** Grants and shredded keys: Every consumer opens, retracts and erases a patient's data by these facts alone; they answer who holds whose data since when. */
export const keyVault = {
  name: names.product,
  domain: 'key-vault',
  topic: names.topic,
  partitions: 6,
  events,
} satisfies DataProduct;
