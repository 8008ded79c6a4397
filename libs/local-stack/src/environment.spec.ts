import { describe, expect, it } from 'vitest';
import { addressesIn } from './environment.ts';

const all = {
  KAFKA_BROKERS: 'broker-1:9092, broker-2:9092',
  SCHEMA_REGISTRY_URL: 'http://registry:8080/apis/ccompat/v7',
  DATABASE_URL: 'postgres://postgres:secret@database:5432/postgres',
};

describe('the servers that the environment names', () => {
  it('are taken when all three are named', () => {
    expect(addressesIn(all)).toEqual({
      kafkaBrokers: ['broker-1:9092', 'broker-2:9092'],
      schemaRegistryUrl: all.SCHEMA_REGISTRY_URL,
      databaseUrl: all.DATABASE_URL,
    });
  });

  it('are none when nothing is named, or only with empty texts', () => {
    expect(addressesIn({ PATH: '/bin' })).toBeUndefined();
    expect(
      addressesIn({ KAFKA_BROKERS: '', SCHEMA_REGISTRY_URL: '', DATABASE_URL: '' }),
    ).toBeUndefined();
  });

  it('are refused when one is missing, which is named', () => {
    expect(() => addressesIn({ ...all, SCHEMA_REGISTRY_URL: '' })).toThrow(
      /CONFIG_INVALID: SCHEMA_REGISTRY_URL: .*set SCHEMA_REGISTRY_URL as well/,
    );
  });

  it('are refused when two are missing, and no value is shown', () => {
    const refused = (): unknown => addressesIn({ DATABASE_URL: all.DATABASE_URL });
    expect(refused).toThrow(/set KAFKA_BROKERS and SCHEMA_REGISTRY_URL as well/);
    expect(refused).not.toThrow(/secret/);
  });
});
