import { measurements } from '@samspill/contracts';
import {
  homeBundles,
  homeHub,
  positionOf,
  syntheticPatients,
  vaultOperator,
  wardScreen,
  type BatchAnswer,
  type Mesh,
} from '@samspill/testing';
import { colours } from './colours.ts';
import { wardView, type WardOverview } from './ward-view.ts';

const days = 7;
const patientCount = 5;

/** The main job, told on synthetic data: every value shown was posted in this run. */
export async function tellStory(
  { urls }: Mesh,
  seed: string,
  say: (line: string) => void,
): Promise<void> {
  const hub = homeHub(urls.measurements);
  const ward = wardScreen(urls['emergency-ward']);
  const vault = vaultOperator(urls['key-vault']);
  const patients = syntheticPatients({ count: patientCount, seed });
  const [patient, leaving] = patients;
  if (patient === undefined || leaving === undefined)
    throw new Error('the story needs two patients');
  const post = async (body: string): Promise<{ answer: BatchAnswer; position: string }> => {
    const answer = await hub.post(body, { 'nhn-source-system': 'Samspill demo 1' });
    if (answer.status !== 200)
      throw new Error(`the intake answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return { answer: answer.body, position: positionOf(answer) };
  };
  const title = (text: string): void => say(`\n${colours.bold(text)}`);

  title(`1. A home-monitoring hub posts ${days} days of ${patientCount} patients`);
  const start = performance.now();
  let count = 0;
  for (const bundle of homeBundles({ patients, days, seed, until: new Date() })) {
    await post(bundle.body);
    count += bundle.measurements;
  }
  const seconds = (performance.now() - start) / 1000;
  say(
    `${count} measurements accepted, sealed and acknowledged by the log in ${seconds.toFixed(1)} s`,
  );

  title('2. A new reading, and one that nobody could use: each entry has its own answer');
  const readings = [
    heartRate(seed, patient.nationalId, '124', new Date().toISOString(), 'final'),
    heartRate(`${seed}-faulty`, patient.nationalId, '80', '2026-01-01T08:00:00', 'final'),
  ];
  const first = await post(bundleOf(readings));
  for (const { response } of first.answer.entry ?? []) {
    const issue = response.outcome?.issue.find(({ severity }) => severity === 'error');
    say(
      issue
        ? `${colours.red(response.status)} ${issue.expression?.[0] ?? ''}: ${issue.details?.text ?? ''}\n    to mend: ${issue.diagnostics ?? ''}`
        : colours.green(response.status),
    );
  }

  title('3. The hub corrects the reading: 118, not 124');
  const corrected = await post(
    bundleOf([heartRate(seed, patient.nationalId, '118', new Date().toISOString(), 'corrected')]),
  );
  say(
    `${colours.green(corrected.answer.entry?.[0]?.response.status ?? '')} at ${corrected.position}`,
  );

  title(`4. The emergency ward asks for patient ${patient.number} and sees that write`);
  const seen = await ward.overview<WardOverview>(patient.nationalId, corrected.position);
  if (seen.status !== 200) throw new Error(`the ward answered ${seen.status}`);
  say(wardView(seen.body));

  title(`5. Patient ${leaving.number} leaves: the data key is destroyed`);
  const before = await ward.overview<WardOverview>(leaving.nationalId);
  const { status, body } = await vault.shred({
    product: measurements.name,
    patient: { identifier: { system: null, value: leaving.nationalId } },
    cause: 'demo',
  });
  if (status !== 200) throw new Error(`the key vault answered ${status}`);
  const position = body.shredded[0]?.position;
  const after = await ward.overview<WardOverview>(leaving.nationalId, position);
  say(
    `vital signs on the screen: ${before.body.vitalSigns.length} before, ${after.body.vitalSigns.length} after; what the log holds of them, no key opens any more`,
  );
}

const bundleOf = (resources: readonly unknown[]): string =>
  JSON.stringify({
    resourceType: 'Bundle',
    type: 'collection',
    entry: resources.map((resource) => ({ resource })),
  });

const heartRate = (
  id: string,
  nationalId: string,
  value: string,
  effective: string,
  status: string,
) => {
  const quantity = (number: string) => ({
    value: Number(number),
    unit: '/min',
    system: 'http://unitsofmeasure.org',
    code: '/min',
  });
  return {
    resourceType: 'Observation',
    identifier: [{ system: 'https://hub.example/demo', value: id }],
    status,
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
    code: {
      coding: [{ system: 'http://loinc.org', code: '8867-4', display: 'Heart rate' }],
      text: 'Hjertefrekvens',
    },
    subject: { identifier: { system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: nationalId } },
    effectiveDateTime: effective,
    valueQuantity: quantity(value),
    referenceRange: [{ low: quantity('50'), high: quantity('100') }],
  };
};
