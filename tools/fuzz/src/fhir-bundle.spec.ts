import { measurements } from '@samspill/contracts';
import {
  readMeasurement,
  readMeasurementBundle,
  type AcceptedMeasurement,
  type IntakeContext,
  type Issue,
} from '@samspill/fhir';
import { describe, expect, it } from 'vitest';
import { fuzz } from './fuzz.ts';
import { hostileJson } from './hostile-json.ts';

/** Synthetic (month + 80). */
const patient = '15838510075';
const context: IntakeContext = {
  identity: 'lenient',
  now: new Date('2024-03-01T12:00:00Z'),
  orgnrParent: '310000019',
  sendsFor: ['994598759'],
};
const subject = { identifier: { system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: patient } };
const coded = (code: string) => ({ coding: [{ system: 'http://loinc.org', code }] });
const millimetres = (value: number) => ({
  value,
  unit: 'mmHg',
  system: 'http://unitsofmeasure.org',
  code: 'mm[Hg]',
});
const observation = {
  resourceType: 'Observation',
  id: 'f47ac10b-58cc-4372-8567-0e02b2c3d479',
  meta: { lastUpdated: '2024-03-01T09:00:00Z', profile: ['http://example.org/p'] },
  identifier: [{ system: 'urn:oid:2.16.578.1.12.4.99.1', value: 'hr-1' }],
  status: 'final',
  category: [
    {
      coding: [
        {
          system: 'http://terminology.hl7.org/CodeSystem/observation-category',
          code: 'vital-signs',
        },
      ],
    },
  ],
  code: coded('8867-4'),
  subject,
  effectiveDateTime: '2024-03-01T08:30:00+01:00',
  valueQuantity: { value: 61, unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
};
const bloodPressure = {
  resourceType: 'Observation',
  meta: {
    profile: [
      'http://hl7.no/fhir/vkpobservation/StructureDefinition/vkp-Observation-Bloodpressure',
    ],
  },
  status: 'amended',
  identifier: [{ system: 'urn:oid:2.16.578.1.12.4.99.1', value: 'bp-1' }],
  code: coded('85354-9'),
  subject,
  effectivePeriod: { start: '2024-03-01', end: '2024-03-02' },
  performer: [{ identifier: { system: 'urn:oid:2.16.578.1.12.4.1.4.101', value: '994598759' } }],
  device: { display: 'cuff' },
  bodySite: { coding: [{ system: 'http://snomed.info/sct', code: '368209003' }] },
  note: [{ text: 'sitting' }],
  component: [
    { code: coded('8480-6'), valueQuantity: millimetres(120) },
    { code: coded('8462-4'), dataAbsentReason: { text: 'not asked' } },
  ],
  referenceRange: [{ low: { value: 90, unit: 'mmHg' }, high: { value: 140, unit: 'mmHg' } }],
};
const bundle = {
  resourceType: 'Bundle',
  type: 'batch',
  timestamp: '2024-03-01T10:00:00Z',
  identifier: { system: 'urn:oid:2.16.578.1.12.4.99.2', value: 'b-1' },
  meta: { tag: [{ system: 'urn:oid:2.16.578.1.12.4.1.1.3402', code: '0301' }] },
  entry: [
    {
      fullUrl: 'https://hub.example.org/Observation/1',
      resource: observation,
      request: {
        method: 'POST',
        url: 'Observation',
        ifNoneExist: 'identifier=urn:oid:2.16.578.1.12.4.99.1|hr-1',
      },
    },
    { resource: bloodPressure, request: { method: 'PUT', url: 'Observation/1' } },
  ],
};

const content = measurements.events.MeasurementRecorded.sealed;

/** What an answer says back may be logged on its way, so it names nobody. */
function assertNamesNobody(issues: readonly Issue[]): void {
  if (JSON.stringify(issues).includes(patient)) throw new Error('an issue names the patient');
}

function assertRefused(issues: readonly Issue[]): void {
  if (issues.length === 0) throw new Error('refused without a reason');
  assertNamesNobody(issues);
}

/** What the intake lets in fits into its event and comes out again. */
function assertStorable(accepted: AcceptedMeasurement): void {
  if (content === undefined) throw new TypeError('a measurement is sealed');
  const bytes = content.codec.toBuffer(accepted.content);
  const read = content.codec.fromBuffer(bytes);
  if (read.resource !== accepted.content.resource) throw new Error('another resource');
  JSON.parse(read.resource);
  if (!Number.isSafeInteger(accepted.occurredAtMs)) throw new Error('no time');
  assertNamesNobody(accepted.warnings);
}

describe('what a source sends', () => {
  const counts = new Map<string, number>();
  const count = (outcome: string): void => void counts.set(outcome, (counts.get(outcome) ?? 0) + 1);

  it('as a Bundle is judged entry by entry, or refused with a reason that names nobody', () => {
    fuzz('FHIR Bundle', hostileJson([bundle, { ...bundle, type: 'collection' }]), (body) => {
      const read = readMeasurementBundle(body, context);
      if (read.outcome === 'refused') {
        count('body refused');
        assertRefused(read.issues);
        return;
      }
      for (const entry of read.entries) {
        count(entry.outcome);
        if (entry.outcome === 'accepted') assertStorable(entry);
        else assertRefused(entry.issues);
      }
    });
    expect([...counts.keys()].sort()).toEqual(['accepted', 'body refused', 'ignored', 'refused']);
  });

  it('as an Observation is let in or refused with a reason that names nobody', () => {
    const judge = (body: Buffer): void => {
      const read = readMeasurement(body, { ...context, patientHeader: patient });
      if (read.outcome === 'accepted') assertStorable(read);
      else assertRefused(read.issues);
    };
    // The same decoder, entered by another door.
    fuzz('FHIR Observation', hostileJson([observation, bloodPressure]), judge, { share: 0.2 });
  });
});
