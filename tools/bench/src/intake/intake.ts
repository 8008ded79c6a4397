import { kafkaEventLog } from '@samspill/event-log';
import type { Benchmark, BenchOptions, Outcome } from '../frame/benchmark.ts';
import type { Goal } from '../frame/goals.ts';
import { inTurn, messageOf, type Turn } from '../frame/in-turn.ts';
import { Samples } from '../frame/samples.ts';
import { profilesOf, profiling } from '../servers/service-profile.ts';
import { startServers } from '../servers/start-servers.ts';
import { startBare } from './bare.ts';
import { doorLoad } from './load-door.ts';
import { assertHeld, oursDoor, untilCaughtUp } from './ours.ts';
import { coldPhases, manyCallers, oneCaller, phases, steadyLoad } from './phases.ts';

const serviceName = 'measurements';
const ours = 'ours';
const bare = 'node:http and kafkajs';

const notSlower = (text: string, where: Goal['of']['where']): Goal => ({
  text,
  of: { contender: ours, figure: 'p50', ...(where && { where }) },
  over: { contender: bare, figure: 'p50' },
  atMost: 1.5,
});

export const intake: Benchmark = {
  name: 'intake',
  title: 'acknowledged intake over HTTP',
  asks: `How long does it take until a measurement that a hub posts (an Observation of 1.6 KB, POST /Observation) is acknowledged, which means that it is on the log, and how many are there a second? Ours is the service \`measurements\` with its key vault: it judges the resource by the FHIR rules, looks in its ledger whether it is held, seals it and publishes it, and follows the log with its own two read models meanwhile, on the same cores. The peer is what a user would write with node:http and kafkajs: JSON.parse and an idempotent send with acks -1, without any of that. Each measurement is new. Throughput by callers who wait for their answers (closed loop); times also at a fixed rate, whatever the answers do, counted from when each was due (open loop). Patients are known to the mesh or new to it. A run counts when the log has grown by what was acknowledged, and the ledger holds each once.`,
  goals: [
    notSlower('intake: p50 with one caller at most 1.5 times bare', oneCaller),
    notSlower('intake: p50 at a fixed rate at most 1.5 times bare', steadyLoad),
    {
      text: 'intake: with 64 callers at least 0.7 of the throughput of bare',
      of: { contender: ours, figure: 'acknowledged', where: manyCallers },
      over: { contender: bare, figure: 'acknowledged', where: manyCallers },
      atLeast: 0.7,
    },
  ],
  plots: [
    {
      name: 'throughput',
      title: 'Acknowledged measurements a second, 64 callers',
      figure: 'acknowledged',
      where: manyCallers,
    },
    { name: 'p50', title: 'p50 with one caller', figure: 'p50', where: oneCaller },
  ],
  run: runIntake,
};

async function runIntake(options: BenchOptions): Promise<Outcome> {
  const size = options.isQuick ? { lastsMs: 300, known: 50 } : { lastsMs: 10_000, known: 1_000 };
  const samples = new Samples();
  const servers = await startServers(options);
  const eventLog = kafkaEventLog({ brokers: servers.stack.kafkaBrokers, clientId: 'bench' });
  try {
    const peer = await startBare(servers, options);
    const service = await servers.startService(serviceName, profiling(options, serviceName));
    const door = oursDoor(service);
    const doors = doorLoad(eventLog, { ...size, signal: options.signal });
    await doors.warmUp(peer.door);
    await doors.warmUp(door);
    const { database, broker, 'key vault': keyVault } = servers.parts;
    const bareTurn = async (): Promise<void> => {
      for (const phase of phases) {
        const measured = await doors.load(peer.door, phase, { service: peer.program, broker });
        samples.add({ contender: bare, setting: phase.setting }, measured);
      }
    };
    const ourTurn = async (): Promise<void> => {
      const parts = { service, 'key vault': keyVault, database, broker };
      for (const phase of [...phases, ...coldPhases]) {
        const measured = await doors.load(door, phase, parts);
        await untilCaughtUp(service, options.signal);
        samples.add({ contender: ours, setting: phase.setting }, measured);
      }
      await assertHeld(service, doors.acknowledged(door));
    };
    const turns: Turn[] = [
      { name: bare, work: bareTurn },
      { name: ours, work: ourTurn },
    ];
    await inTurn(options, turns, (turn, error) =>
      samples.fail({ contender: turn.name, setting: {} }, messageOf(error)),
    );
    await peer.program.end();
  } finally {
    await eventLog.close();
    await servers.stop();
  }
  return {
    setting: { 'patients known': size.known },
    versions: servers.versions,
    contenders: samples.results(),
    notRun: {},
    profiles: profilesOf(options, [serviceName]),
  };
}
