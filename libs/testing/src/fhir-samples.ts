/** What a hub sends, in FHIR R4; only what differs between the tests is asked for. */
export interface HeartRate {
  readonly nationalId: string;
  /** The hub's own id of the measurement. */
  readonly id: string;
  /** As a number's text, so that every decimal is sent. */
  readonly value: string;
  readonly status?: string;
  readonly effective?: string;
  /** When the source says that it changed: decides what is newer. */
  readonly updated?: string;
  readonly note?: string;
  readonly range?: readonly [low: string, high: string];
}

/** A heart rate as JSON text: number text would not survive JSON.stringify of a number. */
export function heartRate(sent: HeartRate): string {
  const { value, range, note } = sent;
  const quantity = (text: string): string =>
    `{"value":${text},"unit":"/min","system":"http://unitsofmeasure.org","code":"/min"}`;
  const rest = JSON.stringify({
    resourceType: 'Observation',
    ...(sent.updated && { meta: { lastUpdated: sent.updated } }),
    identifier: [{ system: 'https://hub.example/measurement', value: sent.id }],
    status: sent.status ?? 'final',
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
    code: { coding: [{ system: 'http://loinc.org', code: '8867-4', display: 'Heart rate' }] },
    subject: {
      identifier: { system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: sent.nationalId },
    },
    effectiveDateTime: sent.effective ?? '2026-03-01T08:00:00+01:00',
    ...(note && { note: [{ text: note }] }),
  }).slice(0, -1);
  const ranges =
    range && `,"referenceRange":[{"low":${quantity(range[0])},"high":${quantity(range[1])}}]`;
  return `${rest},"valueQuantity":${quantity(value)}${ranges ?? ''}}`;
}

/** A Bundle of resources given as JSON text. `method` PUT marks each as a replacement. */
export function bundleOf(resources: readonly string[], method?: 'POST' | 'PUT'): string {
  const request =
    method === undefined ? '' : `,"request":{"method":"${method}","url":"Observation"}`;
  const entries = resources.map((resource) => `{"resource":${resource}${request}}`);
  const type = method === undefined ? 'collection' : 'batch';
  return `{"resourceType":"Bundle","type":"${type}","entry":[${entries.join(',')}]}`;
}
