import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalStack, type LocalStack } from '@samspill/local-stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applySchemas } from './apply-schemas.ts';
import { httpSchemaRegistry } from './http-schema-registry.ts';
import { openWireFormat } from './open-wire-format.ts';
import { laterVersionOf } from './support/later-version.ts';
import { measurementRecorded, retraction } from './support/sample-records.ts';
import { trialProduct, withoutField } from './support/trial-product.ts';

let stack: LocalStack;
let dataDir: string;
let registryUrl: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'samspill-registry-'));
  stack = await startLocalStack({ dataDir, ports: 'free' });
  registryUrl = stack.schemaRegistryUrl;
});
afterAll(async () => {
  await stack.stop();
  await rm(dataDir, { recursive: true, force: true });
});

describe('applying schemas', () => {
  it('registers every record, clear and sealed, and changes nothing the second time', async () => {
    const product = trialProduct();
    const first = await applySchemas({ registryUrl, products: [product] });
    const second = await applySchemas({ registryUrl, products: [product] });

    expect(first.map(({ subject, isNew }) => [subject, isNew])).toEqual([
      [`${product.topic}-samspill.measurements.MeasurementRetracted`, true],
      [`${product.topic}-samspill.measurements.RetractionContent`, true],
    ]);
    expect(second).toEqual(first.map((applied) => ({ ...applied, isNew: false })));
    const { subject } = product.events.MeasurementRetracted;
    expect(await httpSchemaRegistry(registryUrl).versionsOf(subject)).toHaveLength(1);
  });

  it('puts every subject under FULL_TRANSITIVE', async () => {
    const product = trialProduct();
    const applied = await applySchemas({ registryUrl, products: [product] });
    for (const { subject } of applied) {
      const response = await fetch(`${registryUrl}/config/${encodeURIComponent(subject)}`);
      expect(await response.json()).toMatchObject({ compatibilityLevel: 'FULL_TRANSITIVE' });
    }
  });

  it('is refused a version that the first one cannot read, although the one between can', async () => {
    const product = trialProduct();
    const { subject, schema } = product.events.MeasurementRetracted;
    const registry = httpSchemaRegistry(registryUrl);
    await registry.register(subject, schema);
    await registry.register(subject, withoutField(schema, 'municipality'));
    await expect(registry.register(subject, withoutField(schema, 'status'))).rejects.toThrow(
      `SCHEMA_REFUSED: ${subject}`,
    );
  });
});

describe('a wire format on a registry', () => {
  it('does not open before the schemas are applied, and registers nothing itself', async () => {
    const product = trialProduct();
    const { subject } = product.events.MeasurementRetracted;
    await expect(openWireFormat({ registryUrl, products: [product] })).rejects.toThrow(
      /SCHEMA_NOT_REGISTERED: trial-.*samspill schemas apply/,
    );
    expect(await httpSchemaRegistry(registryUrl).versionsOf(subject)).toEqual([]);
  });

  it('reads what a later release writes while it runs, clear and sealed', async () => {
    const product = trialProduct();
    await applySchemas({ registryUrl, products: [product] });
    const older = await openWireFormat({ registryUrl, products: [product] });

    const later = laterVersionOf(product, 'MeasurementRetracted');
    await applySchemas({ registryUrl, products: [later] });
    const newer = await openWireFormat({ registryUrl, products: [later] });
    const event = later.events['MeasurementRetracted'];
    if (event?.sealed === undefined) throw new Error('the later version seals too');
    const { fingerprint, codec } = event.sealed;
    const clear = measurementRecorded({ fingerprint });
    const value = newer.frame(event, { ...clear, later: 'new' });

    await older.learn([value]);
    expect(older.read(value)).toEqual({ event: product.events.MeasurementRetracted, value: clear });
    const { sealed } = product.events.MeasurementRetracted;
    if (sealed === undefined) throw new Error('the product seals');
    const read = older.sealedReader(sealed, fingerprint);
    expect(read(codec.toBuffer({ ...retraction(), later: 'new' }))).toEqual(retraction());
  });

  it('says that the registry is away, and that this may pass', async () => {
    const { port, close } = await closedPort();
    await close();
    const away = `http://127.0.0.1:${port}/apis/ccompat/v7`;
    await expect(
      openWireFormat({ registryUrl: away, products: [trialProduct()] }),
    ).rejects.toMatchObject({ code: 'SCHEMA_REGISTRY_UNAVAILABLE', retriable: true, place: away });
  });
});

/** A port on which nothing listens once it is closed. */
async function closedPort(): Promise<{ port: number; close: () => Promise<void> }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { port: address.port, close };
}
