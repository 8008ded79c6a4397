// Generated from schemas/measurements by `npm run codegen`. Change it there.

import { eventType, sealedType, type DataProduct } from '../data-product.ts';
import type { Coding, Envelope, Identifier, Sealed } from './common.ts';

/** First acceptance of a measurement. On a measurement that is known already, readers treat it as a correction. */
export interface MeasurementRecorded {
  readonly envelope: Envelope;
  /** FHIR logical id: made of source organisation and natural key, so it outlives corrections. */
  readonly measurementId: string;
  /** FHIR Observation.status as sent. */
  readonly status: string;
  /** Codes of Observation.category. */
  readonly categories: readonly string[];
  /** kommunenummer, four digits. */
  readonly municipality: string | null;
  readonly sealed: Sealed;
}

export interface Effective {
  /** FHIR dateTime as sent; a date stays a date. */
  readonly start: string | null;
  readonly end: string | null;
  /** year, month, day or instant. */
  readonly precision: string;
  /** effective, issued or received: which of them start comes from. */
  readonly basis: string;
}

export interface Value {
  /** FHIR type of value[x]: Quantity, CodeableConcept, string, boolean, integer, Range, Ratio, SampledData, time, dateTime or Period. */
  readonly type: string;
  /** A quantity's number or another type's plain text, exactly as sent. */
  readonly text: string;
  readonly comparator: string | null;
  readonly unit: string | null;
  readonly unitSystem: string | null;
  readonly unitCode: string | null;
  readonly codes: readonly Coding[];
}

export interface ReferenceRange {
  readonly low: string | null;
  readonly high: string | null;
  readonly unit: string | null;
  readonly text: string | null;
}

export interface Component {
  readonly codes: readonly Coding[];
  readonly codeText: string | null;
  readonly value: Value | null;
  readonly dataAbsentReason: string | null;
  readonly interpretation: readonly string[];
  readonly referenceRanges: readonly ReferenceRange[];
}

/** Sealed: one measurement as the source sent it. Numbers are text with every decimal that was sent. */
export interface MeasurementContent {
  /** heart-rate, blood-pressure, oxygen-saturation, glucose, body-temperature, body-weight, respiration-rate, consciousness, news2, clinical-frailty, questionnaire-score, or other. */
  readonly kind: string;
  readonly codes: readonly Coding[];
  readonly codeText: string | null;
  readonly subject: Identifier;
  readonly effective: Effective;
  readonly issued: string | null;
  readonly value: Value | null;
  readonly dataAbsentReason: string | null;
  readonly components: readonly Component[];
  readonly interpretation: readonly string[];
  readonly referenceRanges: readonly ReferenceRange[];
  readonly device: string | null;
  readonly bodySite: string | null;
  readonly method: string | null;
  readonly authors: readonly Identifier[];
  readonly responsibleOrganisations: readonly Identifier[];
  readonly bundleIdentifier: Identifier | null;
  readonly bundleTimestamp: string | null;
  readonly profiles: readonly string[];
  readonly notes: readonly string[];
  /** What the intake accepted with a remark. */
  readonly warnings: readonly string[];
  /** meta.lastUpdated, else the Bundle's timestamp. */
  readonly sourceUpdatedAt: string | null;
  /** The Observation as received, JSON, without literal patient references. */
  readonly resource: string;
}

/** The same measurement with other content: the full new state. */
export interface MeasurementCorrected {
  readonly envelope: Envelope;
  /** FHIR logical id: made of source organisation and natural key, so it outlives corrections. */
  readonly measurementId: string;
  /** FHIR Observation.status as sent. */
  readonly status: string;
  /** Codes of Observation.category. */
  readonly categories: readonly string[];
  /** kommunenummer, four digits. */
  readonly municipality: string | null;
  readonly sealed: Sealed;
}

/** Sealed: the full new state and what it replaces. */
export interface CorrectionContent {
  readonly replacesEventId: string;
  /** FHIR paths of the elements whose content differs, where the former content was at hand. */
  readonly changedElements: readonly string[];
  readonly measurement: MeasurementContent;
}

/** The source takes a measurement back, or it was another patient's. */
export interface MeasurementRetracted {
  readonly envelope: Envelope;
  /** FHIR logical id. */
  readonly measurementId: string;
  /** entered-in-error or cancelled. */
  readonly status: string;
  readonly categories: readonly string[];
  readonly municipality: string | null;
  readonly sealed: Sealed;
}

/** Sealed: why a measurement was taken back. */
export interface RetractionContent {
  /** entered-in-error, cancelled or wrong-patient. */
  readonly reason: string;
  /** Absent when nothing was held. */
  readonly retractsEventId: string | null;
  /** The Observation as received, where one was. */
  readonly resource: string | null;
}

const names = { product: 'measurements.measurement', topic: 'measurements.measurement.v1' };
const measurementContentType = sealedType<MeasurementContent>(
  names.topic,
  'samspill.measurements.MeasurementContent',
  {
    type: 'record',
    name: 'MeasurementContent',
    namespace: 'samspill.measurements',
    doc: 'Sealed: one measurement as the source sent it. Numbers are text with every decimal that was sent.',
    fields: [
      {
        name: 'kind',
        type: 'string',
        doc: 'heart-rate, blood-pressure, oxygen-saturation, glucose, body-temperature, body-weight, respiration-rate, consciousness, news2, clinical-frailty, questionnaire-score, or other.',
      },
      {
        name: 'codes',
        type: {
          type: 'array',
          items: {
            type: 'record',
            name: 'Coding',
            namespace: 'samspill.common',
            fields: [
              { name: 'system', type: ['null', 'string'], default: null },
              { name: 'code', type: 'string' },
              { name: 'display', type: ['null', 'string'], default: null },
            ],
          },
        },
      },
      { name: 'codeText', type: ['null', 'string'], default: null },
      {
        name: 'subject',
        type: {
          type: 'record',
          name: 'Identifier',
          namespace: 'samspill.common',
          fields: [
            {
              name: 'system',
              type: ['null', 'string'],
              default: null,
              doc: 'urn:oid: form where known, else as sent.',
            },
            { name: 'value', type: 'string' },
          ],
        },
      },
      {
        name: 'effective',
        type: {
          type: 'record',
          name: 'Effective',
          fields: [
            {
              name: 'start',
              type: ['null', 'string'],
              default: null,
              doc: 'FHIR dateTime as sent; a date stays a date.',
            },
            { name: 'end', type: ['null', 'string'], default: null },
            { name: 'precision', type: 'string', doc: 'year, month, day or instant.' },
            {
              name: 'basis',
              type: 'string',
              doc: 'effective, issued or received: which of them start comes from.',
            },
          ],
        },
      },
      { name: 'issued', type: ['null', 'string'], default: null },
      {
        name: 'value',
        type: [
          'null',
          {
            type: 'record',
            name: 'Value',
            fields: [
              {
                name: 'type',
                type: 'string',
                doc: 'FHIR type of value[x]: Quantity, CodeableConcept, string, boolean, integer, Range, Ratio, SampledData, time, dateTime or Period.',
              },
              {
                name: 'text',
                type: 'string',
                doc: "A quantity's number or another type's plain text, exactly as sent.",
              },
              { name: 'comparator', type: ['null', 'string'], default: null },
              { name: 'unit', type: ['null', 'string'], default: null },
              { name: 'unitSystem', type: ['null', 'string'], default: null },
              { name: 'unitCode', type: ['null', 'string'], default: null },
              {
                name: 'codes',
                type: { type: 'array', items: 'samspill.common.Coding' },
                default: [],
              },
            ],
          },
        ],
        default: null,
      },
      { name: 'dataAbsentReason', type: ['null', 'string'], default: null },
      {
        name: 'components',
        type: {
          type: 'array',
          items: {
            type: 'record',
            name: 'Component',
            fields: [
              { name: 'codes', type: { type: 'array', items: 'samspill.common.Coding' } },
              { name: 'codeText', type: ['null', 'string'], default: null },
              { name: 'value', type: ['null', 'samspill.measurements.Value'], default: null },
              { name: 'dataAbsentReason', type: ['null', 'string'], default: null },
              { name: 'interpretation', type: { type: 'array', items: 'string' }, default: [] },
              {
                name: 'referenceRanges',
                type: {
                  type: 'array',
                  items: {
                    type: 'record',
                    name: 'ReferenceRange',
                    fields: [
                      { name: 'low', type: ['null', 'string'], default: null },
                      { name: 'high', type: ['null', 'string'], default: null },
                      { name: 'unit', type: ['null', 'string'], default: null },
                      { name: 'text', type: ['null', 'string'], default: null },
                    ],
                  },
                },
                default: [],
              },
            ],
          },
        },
        default: [],
      },
      { name: 'interpretation', type: { type: 'array', items: 'string' }, default: [] },
      {
        name: 'referenceRanges',
        type: { type: 'array', items: 'samspill.measurements.ReferenceRange' },
        default: [],
      },
      { name: 'device', type: ['null', 'string'], default: null },
      { name: 'bodySite', type: ['null', 'string'], default: null },
      { name: 'method', type: ['null', 'string'], default: null },
      {
        name: 'authors',
        type: { type: 'array', items: 'samspill.common.Identifier' },
        default: [],
      },
      {
        name: 'responsibleOrganisations',
        type: { type: 'array', items: 'samspill.common.Identifier' },
        default: [],
      },
      { name: 'bundleIdentifier', type: ['null', 'samspill.common.Identifier'], default: null },
      { name: 'bundleTimestamp', type: ['null', 'string'], default: null },
      { name: 'profiles', type: { type: 'array', items: 'string' }, default: [] },
      { name: 'notes', type: { type: 'array', items: 'string' }, default: [] },
      {
        name: 'warnings',
        type: { type: 'array', items: 'string' },
        default: [],
        doc: 'What the intake accepted with a remark.',
      },
      {
        name: 'sourceUpdatedAt',
        type: ['null', 'string'],
        default: null,
        doc: "meta.lastUpdated, else the Bundle's timestamp.",
      },
      {
        name: 'resource',
        type: 'string',
        doc: 'The Observation as received, JSON, without literal patient references.',
      },
    ],
  },
);
const correctionContentType = sealedType<CorrectionContent>(
  names.topic,
  'samspill.measurements.CorrectionContent',
  {
    type: 'record',
    name: 'CorrectionContent',
    namespace: 'samspill.measurements',
    doc: 'Sealed: the full new state and what it replaces.',
    fields: [
      { name: 'replacesEventId', type: 'string' },
      {
        name: 'changedElements',
        type: { type: 'array', items: 'string' },
        default: [],
        doc: 'FHIR paths of the elements whose content differs, where the former content was at hand.',
      },
      {
        name: 'measurement',
        type: {
          type: 'record',
          name: 'MeasurementContent',
          namespace: 'samspill.measurements',
          doc: 'Sealed: one measurement as the source sent it. Numbers are text with every decimal that was sent.',
          fields: [
            {
              name: 'kind',
              type: 'string',
              doc: 'heart-rate, blood-pressure, oxygen-saturation, glucose, body-temperature, body-weight, respiration-rate, consciousness, news2, clinical-frailty, questionnaire-score, or other.',
            },
            {
              name: 'codes',
              type: {
                type: 'array',
                items: {
                  type: 'record',
                  name: 'Coding',
                  namespace: 'samspill.common',
                  fields: [
                    { name: 'system', type: ['null', 'string'], default: null },
                    { name: 'code', type: 'string' },
                    { name: 'display', type: ['null', 'string'], default: null },
                  ],
                },
              },
            },
            { name: 'codeText', type: ['null', 'string'], default: null },
            {
              name: 'subject',
              type: {
                type: 'record',
                name: 'Identifier',
                namespace: 'samspill.common',
                fields: [
                  {
                    name: 'system',
                    type: ['null', 'string'],
                    default: null,
                    doc: 'urn:oid: form where known, else as sent.',
                  },
                  { name: 'value', type: 'string' },
                ],
              },
            },
            {
              name: 'effective',
              type: {
                type: 'record',
                name: 'Effective',
                fields: [
                  {
                    name: 'start',
                    type: ['null', 'string'],
                    default: null,
                    doc: 'FHIR dateTime as sent; a date stays a date.',
                  },
                  { name: 'end', type: ['null', 'string'], default: null },
                  { name: 'precision', type: 'string', doc: 'year, month, day or instant.' },
                  {
                    name: 'basis',
                    type: 'string',
                    doc: 'effective, issued or received: which of them start comes from.',
                  },
                ],
              },
            },
            { name: 'issued', type: ['null', 'string'], default: null },
            {
              name: 'value',
              type: [
                'null',
                {
                  type: 'record',
                  name: 'Value',
                  fields: [
                    {
                      name: 'type',
                      type: 'string',
                      doc: 'FHIR type of value[x]: Quantity, CodeableConcept, string, boolean, integer, Range, Ratio, SampledData, time, dateTime or Period.',
                    },
                    {
                      name: 'text',
                      type: 'string',
                      doc: "A quantity's number or another type's plain text, exactly as sent.",
                    },
                    { name: 'comparator', type: ['null', 'string'], default: null },
                    { name: 'unit', type: ['null', 'string'], default: null },
                    { name: 'unitSystem', type: ['null', 'string'], default: null },
                    { name: 'unitCode', type: ['null', 'string'], default: null },
                    {
                      name: 'codes',
                      type: { type: 'array', items: 'samspill.common.Coding' },
                      default: [],
                    },
                  ],
                },
              ],
              default: null,
            },
            { name: 'dataAbsentReason', type: ['null', 'string'], default: null },
            {
              name: 'components',
              type: {
                type: 'array',
                items: {
                  type: 'record',
                  name: 'Component',
                  fields: [
                    { name: 'codes', type: { type: 'array', items: 'samspill.common.Coding' } },
                    { name: 'codeText', type: ['null', 'string'], default: null },
                    { name: 'value', type: ['null', 'samspill.measurements.Value'], default: null },
                    { name: 'dataAbsentReason', type: ['null', 'string'], default: null },
                    {
                      name: 'interpretation',
                      type: { type: 'array', items: 'string' },
                      default: [],
                    },
                    {
                      name: 'referenceRanges',
                      type: {
                        type: 'array',
                        items: {
                          type: 'record',
                          name: 'ReferenceRange',
                          fields: [
                            { name: 'low', type: ['null', 'string'], default: null },
                            { name: 'high', type: ['null', 'string'], default: null },
                            { name: 'unit', type: ['null', 'string'], default: null },
                            { name: 'text', type: ['null', 'string'], default: null },
                          ],
                        },
                      },
                      default: [],
                    },
                  ],
                },
              },
              default: [],
            },
            { name: 'interpretation', type: { type: 'array', items: 'string' }, default: [] },
            {
              name: 'referenceRanges',
              type: { type: 'array', items: 'samspill.measurements.ReferenceRange' },
              default: [],
            },
            { name: 'device', type: ['null', 'string'], default: null },
            { name: 'bodySite', type: ['null', 'string'], default: null },
            { name: 'method', type: ['null', 'string'], default: null },
            {
              name: 'authors',
              type: { type: 'array', items: 'samspill.common.Identifier' },
              default: [],
            },
            {
              name: 'responsibleOrganisations',
              type: { type: 'array', items: 'samspill.common.Identifier' },
              default: [],
            },
            {
              name: 'bundleIdentifier',
              type: ['null', 'samspill.common.Identifier'],
              default: null,
            },
            { name: 'bundleTimestamp', type: ['null', 'string'], default: null },
            { name: 'profiles', type: { type: 'array', items: 'string' }, default: [] },
            { name: 'notes', type: { type: 'array', items: 'string' }, default: [] },
            {
              name: 'warnings',
              type: { type: 'array', items: 'string' },
              default: [],
              doc: 'What the intake accepted with a remark.',
            },
            {
              name: 'sourceUpdatedAt',
              type: ['null', 'string'],
              default: null,
              doc: "meta.lastUpdated, else the Bundle's timestamp.",
            },
            {
              name: 'resource',
              type: 'string',
              doc: 'The Observation as received, JSON, without literal patient references.',
            },
          ],
        },
      },
    ],
  },
);
const retractionContentType = sealedType<RetractionContent>(
  names.topic,
  'samspill.measurements.RetractionContent',
  {
    type: 'record',
    name: 'RetractionContent',
    namespace: 'samspill.measurements',
    doc: 'Sealed: why a measurement was taken back.',
    fields: [
      { name: 'reason', type: 'string', doc: 'entered-in-error, cancelled or wrong-patient.' },
      {
        name: 'retractsEventId',
        type: ['null', 'string'],
        default: null,
        doc: 'Absent when nothing was held.',
      },
      {
        name: 'resource',
        type: ['null', 'string'],
        default: null,
        doc: 'The Observation as received, where one was.',
      },
    ],
  },
);
const events = {
  MeasurementRecorded: eventType<MeasurementRecorded, MeasurementContent>(
    names,
    'samspill.measurements.MeasurementRecorded',
    {
      type: 'record',
      name: 'MeasurementRecorded',
      namespace: 'samspill.measurements',
      doc: 'First acceptance of a measurement. On a measurement that is known already, readers treat it as a correction.',
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
        {
          name: 'measurementId',
          type: 'string',
          doc: 'FHIR logical id: made of source organisation and natural key, so it outlives corrections.',
        },
        { name: 'status', type: 'string', doc: 'FHIR Observation.status as sent.' },
        {
          name: 'categories',
          type: { type: 'array', items: 'string' },
          default: [],
          doc: 'Codes of Observation.category.',
        },
        {
          name: 'municipality',
          type: ['null', 'string'],
          default: null,
          doc: 'kommunenummer, four digits.',
        },
        {
          name: 'sealed',
          type: {
            type: 'record',
            name: 'Sealed',
            namespace: 'samspill.common',
            doc: 'The sealed part of an event: an inner Avro record under the data key of (patient, product) (design D5).',
            fields: [
              { name: 'alg', type: 'string', doc: 'A256GCM' },
              { name: 'keyVersion', type: 'int' },
              {
                name: 'innerFingerprint',
                type: { type: 'fixed', name: 'Fingerprint', size: 32 },
                doc: "SHA-256 of the inner schema's canonical form.",
              },
              { name: 'iv', type: { type: 'fixed', name: 'InitialisationVector', size: 12 } },
              {
                name: 'bytes',
                type: 'bytes',
                doc: 'Ciphertext, then the 16 bytes of the authentication tag.',
              },
            ],
          },
        },
      ],
    },
    measurementContentType,
  ),
  MeasurementCorrected: eventType<MeasurementCorrected, CorrectionContent>(
    names,
    'samspill.measurements.MeasurementCorrected',
    {
      type: 'record',
      name: 'MeasurementCorrected',
      namespace: 'samspill.measurements',
      doc: 'The same measurement with other content: the full new state.',
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
        {
          name: 'measurementId',
          type: 'string',
          doc: 'FHIR logical id: made of source organisation and natural key, so it outlives corrections.',
        },
        { name: 'status', type: 'string', doc: 'FHIR Observation.status as sent.' },
        {
          name: 'categories',
          type: { type: 'array', items: 'string' },
          default: [],
          doc: 'Codes of Observation.category.',
        },
        {
          name: 'municipality',
          type: ['null', 'string'],
          default: null,
          doc: 'kommunenummer, four digits.',
        },
        {
          name: 'sealed',
          type: {
            type: 'record',
            name: 'Sealed',
            namespace: 'samspill.common',
            doc: 'The sealed part of an event: an inner Avro record under the data key of (patient, product) (design D5).',
            fields: [
              { name: 'alg', type: 'string', doc: 'A256GCM' },
              { name: 'keyVersion', type: 'int' },
              {
                name: 'innerFingerprint',
                type: { type: 'fixed', name: 'Fingerprint', size: 32 },
                doc: "SHA-256 of the inner schema's canonical form.",
              },
              { name: 'iv', type: { type: 'fixed', name: 'InitialisationVector', size: 12 } },
              {
                name: 'bytes',
                type: 'bytes',
                doc: 'Ciphertext, then the 16 bytes of the authentication tag.',
              },
            ],
          },
        },
      ],
    },
    correctionContentType,
  ),
  MeasurementRetracted: eventType<MeasurementRetracted, RetractionContent>(
    names,
    'samspill.measurements.MeasurementRetracted',
    {
      type: 'record',
      name: 'MeasurementRetracted',
      namespace: 'samspill.measurements',
      doc: "The source takes a measurement back, or it was another patient's.",
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
        { name: 'measurementId', type: 'string', doc: 'FHIR logical id.' },
        { name: 'status', type: 'string', doc: 'entered-in-error or cancelled.' },
        { name: 'categories', type: { type: 'array', items: 'string' }, default: [] },
        { name: 'municipality', type: ['null', 'string'], default: null },
        {
          name: 'sealed',
          type: {
            type: 'record',
            name: 'Sealed',
            namespace: 'samspill.common',
            doc: 'The sealed part of an event: an inner Avro record under the data key of (patient, product) (design D5).',
            fields: [
              { name: 'alg', type: 'string', doc: 'A256GCM' },
              { name: 'keyVersion', type: 'int' },
              {
                name: 'innerFingerprint',
                type: { type: 'fixed', name: 'Fingerprint', size: 32 },
                doc: "SHA-256 of the inner schema's canonical form.",
              },
              { name: 'iv', type: { type: 'fixed', name: 'InitialisationVector', size: 12 } },
              {
                name: 'bytes',
                type: 'bytes',
                doc: 'Ciphertext, then the 16 bytes of the authentication tag.',
              },
            ],
          },
        },
      ],
    },
    retractionContentType,
  ),
};

/** Measurements taken at home: Vital signs and scores from home monitoring, shared with those who give care, so that a change is seen where it is met. */
export const measurements = {
  name: names.product,
  domain: 'measurements',
  topic: names.topic,
  partitions: 6,
  events,
} satisfies DataProduct;
