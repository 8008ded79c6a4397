import { expect, it } from 'vitest';
import { readServiceConfig } from './service-config.ts';

const complete = {
  KAFKA_BROKERS: '127.0.0.1:19092',
  SCHEMA_REGISTRY_URL: 'http://127.0.0.1:18081/apis/ccompat/v7',
  DATABASE_URL: 'postgres://postgres@127.0.0.1:15432/measurements',
};

it('a complete environment gives a service on loopback at its own port', () => {
  const config = readServiceConfig(complete, 7411);
  expect(config).toMatchObject({ host: '127.0.0.1', port: 7411, identity: 'lenient' });
});

it('every missing setting is named at once', () => {
  expect(() => readServiceConfig({}, 7411)).toThrow(
    /CONFIG_INVALID.*KAFKA_BROKERS.*SCHEMA_REGISTRY_URL.*DATABASE_URL/s,
  );
});

it.each([{ SAMSPILL_MODE: 'production' }, { NODE_ENV: 'production' }])(
  'production mode is refused: %o',
  (mode) => {
    expect(() => readServiceConfig({ ...complete, ...mode }, 7411)).toThrow(
      'PRODUCTION_MODE_REFUSED',
    );
  },
);

it('an address beyond loopback is refused', () => {
  expect(() => readServiceConfig({ ...complete, HOST: '0.0.0.0' }, 7411)).toThrow(/HOST/);
});
