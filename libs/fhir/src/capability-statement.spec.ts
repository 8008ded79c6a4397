import { describe, expect, it } from 'vitest';
import { capabilityStatement } from './capability-statement.ts';

const statement = (takesMeasurements: boolean) =>
  capabilityStatement({
    service: 'some-service',
    description: 'Something.',
    identity: 'strict',
    since: new Date('2024-03-01T12:00:00Z'),
    documentation: ['It takes this.'],
    takesMeasurements,
  });

describe('a capability statement', () => {
  it('has what FHIR R4 asks of that of an instance, and tells the identity mode', () => {
    expect(statement(false)).toMatchObject({
      resourceType: 'CapabilityStatement',
      status: 'active',
      date: '2024-03-01T12:00:00.000Z',
      kind: 'instance',
      software: { name: 'samspill-some-service' },
      implementation: { description: 'Something. Identity mode: strict.' },
      fhirVersion: '4.0.1',
      format: ['application/fhir+json'],
    });
  });

  it('offers batch and create only where measurements are taken', () => {
    const [taking] = statement(true).rest;
    expect(taking).toMatchObject({
      interaction: [{ code: 'batch' }],
      resource: [{ conditionalCreate: true, interaction: [{ code: 'create' }, search] }],
    });
    const [reading] = statement(false).rest;
    expect(reading).not.toHaveProperty('interaction');
    expect(reading?.resource).toMatchObject([{ interaction: [search] }]);
    expect(reading?.documentation).toMatch(/^It takes this\. .*_search/);
  });
});

const search = { code: 'search-type' };
