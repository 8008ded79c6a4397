import { dataProducts, keyVault, measurements, type AvroSchema } from '@samspill/contracts';
import type { DataProduct, RecordType } from '@samspill/contracts';
import { describe, expect, it } from 'vitest';
import { memorySchemaRegistry } from './memory-schema-registry.ts';
import { memoryWireFormat } from './memory-wire-format.ts';
import { wireFormatOn } from './open-wire-format.ts';
import { recordsOf } from './records-of.ts';
import { grantOpened, measurementRecorded, retraction } from './support/sample-records.ts';
import { laterVersionOf } from './support/later-version.ts';
import { withoutField } from './support/trial-product.ts';

const { MeasurementRecorded: Recorded } = measurements.events;

describe('a wire format', () => {
  it('reads what it framed', async () => {
    const wire = memoryWireFormat(dataProducts);
    const clear = measurementRecorded();
    const value = wire.frame(Recorded, clear);
    await wire.learn([value]);
    expect(wire.read(value)).toEqual({ event: Recorded, value: clear });
  });

  it('frames with a zero byte and the schema id as four bytes, big-endian', () => {
    const wire = memoryWireFormat(dataProducts);
    const value = wire.frame(keyVault.events.GrantOpened, grantOpened());
    const body = keyVault.events.GrantOpened.codec.toBuffer(grantOpened());
    expect(value[0]).toBe(0);
    expect(value.readUInt32BE(1)).toBeGreaterThan(0);
    expect(value.subarray(5).equals(body)).toBe(true);
  });

  it('gives each value bytes of its own', () => {
    const wire = memoryWireFormat(dataProducts);
    const first = wire.frame(Recorded, measurementRecorded({ status: 'final' }));
    const copy = Buffer.from(first);
    wire.frame(Recorded, measurementRecorded({ status: 'amended' }));
    expect(first.equals(copy)).toBe(true);
  });

  it('frames records larger than its first scratch buffer', async () => {
    const wire = memoryWireFormat(dataProducts);
    const clear = measurementRecorded({ sealedBytes: Buffer.alloc(100_000, 7) });
    const value = wire.frame(Recorded, clear);
    await wire.learn([value]);
    expect(wire.read(value)).toEqual({ event: Recorded, value: clear });
  });

  it('refuses a record above 8 MiB', () => {
    const wire = memoryWireFormat(dataProducts);
    const clear = measurementRecorded({ sealedBytes: Buffer.alloc(9_000_000) });
    expect(() => wire.frame(Recorded, clear)).toThrow(/EVENT_TOO_LARGE/);
  });

  it('names the field of a value that breaks its schema, and not the value', () => {
    const wire = memoryWireFormat(dataProducts);
    const planted = { not: 'text 15838510075' } as unknown as string;
    const framing = () => wire.frame(Recorded, measurementRecorded({ status: planted }));
    expect(framing).toThrow(/EVENT_INVALID: samspill.measurements.MeasurementRecorded status/);
    try {
      framing();
    } catch (error) {
      expect(`${String(error)} ${String((error as Error).cause)}`).not.toContain('15838510075');
    }
  });

  it('frames nothing of a product that it was not opened for', () => {
    const wire = memoryWireFormat([keyVault]);
    expect(() => wire.frame(Recorded, measurementRecorded())).toThrow(/SCHEMA_NOT_REGISTERED/);
  });

  it('names a type that is not ours, so that it can be ignored', async () => {
    const theirs = memoryWireFormat(dataProducts);
    const registry = memorySchemaRegistry();
    for (const { subject, schema } of dataProducts.flatMap(recordsOf))
      registry.add(subject, schema);
    const ours = await wireFormatOn(registry, [measurements]);
    const value = theirs.frame(keyVault.events.GrantOpened, grantOpened());
    await ours.learn([value]);
    expect(ours.read(value)).toEqual({ unknown: 'samspill.key_vault.GrantOpened' });
  });

  it.each([
    ['empty', Buffer.alloc(0)],
    ['shorter than its header', Buffer.from([0, 0, 0])],
    ['in another format', Buffer.from('{"json":true}')],
  ])('calls a value unreadable that is %s', async (_, value) => {
    const wire = memoryWireFormat(dataProducts);
    await wire.learn([value]);
    expect(() => wire.read(value)).toThrow(/RECORD_UNREADABLE/);
  });

  it.each([
    ['cut short', (value: Buffer) => value.subarray(0, -3)],
    ['longer than its schema says', (value: Buffer) => Buffer.concat([value, Buffer.from([1])])],
  ])('calls a value unreadable whose body is %s', async (_, spoil) => {
    const wire = memoryWireFormat(dataProducts);
    const value = spoil(wire.frame(Recorded, measurementRecorded()));
    await wire.learn([value]);
    expect(() => wire.read(value)).toThrow(/RECORD_UNREADABLE: samspill.measurements/);
  });

  it.each<[string, AvroSchema]>([
    ['of our name that ours cannot read', withoutField(Recorded.schema, 'status')],
    ['that is none', { type: 'record', name: 'Broken' } as unknown as AvroSchema],
  ])('calls a value unknown whose registered schema is one %s', async (_, schema) => {
    const registry = memorySchemaRegistry();
    for (const one of recordsOf(measurements)) registry.add(one.subject, one.schema);
    const wire = await wireFormatOn(registry, [measurements]);
    const sound = wire.frame(Recorded, measurementRecorded());
    const value = Buffer.from(sound);
    value.writeUInt32BE(registry.add(Recorded.subject, schema), 1);
    await wire.learn([value, sound]);
    expect(() => wire.read(value)).toThrow(/SCHEMA_UNKNOWN: schema id \d+/);
    expect(wire.read(sound)).toHaveProperty('value');
  });

  it('says so when the registry does not know the schema of a value', async () => {
    const wire = memoryWireFormat(dataProducts);
    const value = wire.frame(Recorded, measurementRecorded());
    value.writeUInt32BE(4_000_000_000, 1);
    await wire.learn([value]);
    expect(() => wire.read(value)).toThrow(/SCHEMA_UNKNOWN: schema id 4000000000/);
  });
});

describe('two versions of a product', () => {
  /** One registry; `older` was released first, `newer` has one more optional field in both records. */
  const released = async () => {
    const registry = memorySchemaRegistry();
    const newerProduct = laterVersionOf(measurements, 'MeasurementRetracted');
    const apply = (product: DataProduct): void => {
      for (const { subject, schema } of recordsOf(product)) registry.add(subject, schema);
    };
    apply(measurements);
    const older = await wireFormatOn(registry, [measurements]);
    apply(newerProduct);
    const newer = await wireFormatOn(registry, [newerProduct]);
    return { older, newer, newerProduct };
  };
  const newerEventOf = (product: DataProduct) => {
    const event = product.events['MeasurementRetracted'];
    if (event?.sealed === undefined) throw new Error('the sample product seals its retractions');
    return { event, sealed: event.sealed };
  };

  it('read each other: an older reader skips what it does not know', async () => {
    const { older, newer, newerProduct } = await released();
    const { event, sealed } = newerEventOf(newerProduct);
    const clear = { ...measurementRecorded({ fingerprint: sealed.fingerprint }), later: 'new' };
    const value = newer.frame(event as RecordType<typeof clear>, clear);

    await older.learn([value]);
    const read = older.read(value);
    expect(read).toMatchObject({
      value: measurementRecorded({ fingerprint: sealed.fingerprint }),
    });
    expect(read).not.toHaveProperty('value.later');

    const bytes = sealed.codec.toBuffer({ ...retraction(), later: 'new' });
    const type = measurements.events.MeasurementRetracted.sealed;
    if (type === undefined) throw new Error('a retraction is sealed');
    expect(older.sealedReader(type, sealed.fingerprint)(bytes)).toEqual(retraction());
  });

  it('read each other: a newer reader takes the default for what was not there', async () => {
    const { older, newer, newerProduct } = await released();
    const { sealed } = newerEventOf(newerProduct);
    const ours = measurements.events.MeasurementRetracted;
    if (ours.sealed === undefined) throw new Error('a retraction is sealed');
    const clear = measurementRecorded({ fingerprint: ours.sealed.fingerprint });
    const value = older.frame(ours, clear);

    await newer.learn([value]);
    expect(newer.read(value)).toMatchObject({ value: { ...clear, later: null } });
    const bytes = ours.sealed.codec.toBuffer(retraction());
    expect(newer.sealedReader(sealed, ours.sealed.fingerprint)(bytes)).toEqual({
      ...retraction(),
      later: null,
    });
  });

  it('are read although another version of the sealed part cannot be', async () => {
    const registry = memorySchemaRegistry();
    for (const one of recordsOf(measurements)) registry.add(one.subject, one.schema);
    const type = measurements.events.MeasurementRetracted.sealed;
    if (type === undefined) throw new Error('a retraction is sealed');
    registry.add(type.subject, withoutField(type.schema, 'reason'));
    const { sealed } = newerEventOf(laterVersionOf(measurements, 'MeasurementRetracted'));
    registry.add(sealed.subject, sealed.schema);
    const wire = await wireFormatOn(registry, [measurements]);
    await wire.learn([
      wire.frame(Recorded, measurementRecorded({ fingerprint: Buffer.alloc(32, 9) })),
      wire.frame(
        measurements.events.MeasurementRetracted,
        measurementRecorded({ fingerprint: sealed.fingerprint }),
      ),
    ]);
    const bytes = sealed.codec.toBuffer({ ...retraction(), later: 'new' });
    expect(wire.sealedReader(type, sealed.fingerprint)(bytes)).toEqual(retraction());
  });

  it('refuse a sealed part whose schema the registry does not hold', async () => {
    const { older } = await released();
    const type = measurements.events.MeasurementRetracted.sealed;
    if (type === undefined) throw new Error('a retraction is sealed');
    const stranger = Buffer.alloc(32, 9);
    const value = older.frame(Recorded, measurementRecorded({ fingerprint: stranger }));
    await older.learn([value]);
    expect(() => older.sealedReader(type, stranger)).toThrow(/SCHEMA_UNKNOWN.*0909/);
  });
});

describe('opening a wire format', () => {
  it('names the subject that is not registered, and the command that registers it', async () => {
    const registry = memorySchemaRegistry();
    await expect(wireFormatOn(registry, [keyVault])).rejects.toThrow(
      /SCHEMA_NOT_REGISTERED: key-vault\.patient-state\.v1-samspill\.key_vault\.\w+: .*samspill schemas apply/,
    );
  });

  it('asks the registry once for a schema, however many values carry it', async () => {
    const registry = memorySchemaRegistry();
    for (const { subject, schema } of recordsOf(measurements)) registry.add(subject, schema);
    const asked: number[] = [];
    const wire = await wireFormatOn(
      { ...registry, schemaOf: (id) => registry.schemaOf((asked.push(id), id)) },
      [measurements],
    );
    const values = [measurementRecorded(), measurementRecorded({ status: 'preliminary' })].map(
      (clear) => wire.frame(Recorded, clear),
    );
    await wire.learn(values);
    await wire.learn(values);
    expect(asked).toHaveLength(1);
  });

  it('takes the id of its own version, not the newest', async () => {
    const registry = memorySchemaRegistry();
    const { subject, schema } = keyVault.events.GrantOpened;
    for (const record of recordsOf(keyVault)) registry.add(record.subject, record.schema);
    const own = await registry.idOf(subject, schema);
    registry.add(subject, { ...(schema as object), doc: 'said otherwise' } as AvroSchema);
    const wire = await wireFormatOn(registry, [keyVault]);
    const value = wire.frame(keyVault.events.GrantOpened, grantOpened());
    expect(value.readUInt32BE(1)).toBe(own);
  });
});
