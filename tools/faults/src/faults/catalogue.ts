import { brokerFaults } from './broker-faults.ts';
import type { Fault } from './fault.ts';
import { instanceFaults } from './instance-faults.ts';
import { networkFaults } from './network-faults.ts';
import { killPublisher } from './publisher-fault.ts';
import { rebuildWard } from './rebuild-fault.ts';
import { rollingRestart } from './rolling-restart.ts';
import { serverFaults } from './server-faults.ts';

/** Every fault there is. */
export const catalogue: readonly Fault[] = [
  ...brokerFaults,
  ...serverFaults,
  ...instanceFaults,
  ...networkFaults,
  killPublisher,
  rollingRestart,
  rebuildWard,
];
