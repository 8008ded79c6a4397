import {
  measurements,
  type Envelope,
  type GrantOpened,
  type MeasurementRecorded,
  type RetractionContent,
} from '@samspill/contracts';

const envelope = (): Envelope => ({
  eventId: '018f3c1e-7a52-8b61-9c0d-4e5f60718293',
  occurredAt: 1_790_000_000_000,
  recordedAt: 1_790_000_000_500,
  naturalKey: 'YmFzZTY0dXJsIG9mIGFuIEhNQUMgb2Ygc29tZXRoaW5n',
  contentMark: 'YW5vdGhlciBiYXNlNjR1cmwgb2YgYW4gSE1BQyBoZXJl',
  source: {
    orgnrParent: '310000019',
    orgnrChild: null,
    clientId: 'home-hub',
    system: 'sample 1.0',
  },
  correlationId: '8d9f1c50-2f8e-4f57-9a0e-111111111111',
  causationId: null,
});

export const grantOpened = (): GrantOpened => ({
  envelope: envelope(),
  consumer: 'emergency-ward',
  product: measurements.name,
});

interface Choice {
  readonly status?: string;
  readonly fingerprint?: Buffer;
  readonly sealedBytes?: Buffer;
}

export const measurementRecorded = ({
  status = 'final',
  fingerprint = measurements.events.MeasurementRecorded.sealed?.fingerprint ?? Buffer.alloc(32),
  sealedBytes = Buffer.alloc(400, 1),
}: Choice = {}): MeasurementRecorded => ({
  envelope: envelope(),
  measurementId: '018f3c1e-7a52-8b61-9c0d-4e5f60718294',
  status,
  categories: ['vital-signs'],
  municipality: '0301',
  sealed: {
    alg: 'A256GCM',
    keyVersion: 1,
    innerFingerprint: fingerprint,
    iv: Buffer.alloc(12, 2),
    bytes: sealedBytes,
  },
});

export const retraction = (): RetractionContent => ({
  reason: 'entered-in-error',
  retractsEventId: null,
  resource: null,
});
