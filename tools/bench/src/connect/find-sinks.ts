import { obtainPrograms } from '@samspill/local-stack';
import type { BenchOptions, Outcome } from '../frame/benchmark.ts';
import { messageOf } from '../frame/in-turn.ts';
import { brokerSettingsOfSink, sinkSettings, type SinkSetting } from './jdbc-sink.ts';
import { javaVersion, obtainSink, sinkVersions, type SinkPrograms } from './sink-programs.ts';

/** The sinks that can take part. */
export interface Sinks extends Pick<Outcome, 'notRun' | 'versions'> {
  readonly contenders: readonly {
    readonly setting: SinkSetting;
    readonly programs: JavaPrograms;
  }[];
  /** What Kafka needs for them. */
  readonly brokerSettings: Readonly<Record<string, string>>;
}

export type JavaPrograms = SinkPrograms & { readonly java: string };

/** Both settings; with `--quick` one of them, and only where nothing has to be downloaded for it. */
export async function findSinks({ isQuick }: Pick<BenchOptions, 'isQuick'>): Promise<Sinks> {
  const { java } = await obtainPrograms(() => undefined);
  try {
    const found = await obtainSink(java, !isQuick);
    if (found === undefined)
      return without('its programs are not there, and --quick downloads none');
    const programs = { ...found, java };
    const taking = isQuick ? sinkSettings.slice(-1) : sinkSettings;
    return {
      contenders: taking.map((setting) => ({ setting, programs })),
      notRun: notRun(
        sinkSettings.filter((setting) => !taking.includes(setting)),
        '--quick tries one of the two settings',
      ),
      versions: { ...sinkVersions, Java: await javaVersion(java) },
      brokerSettings: brokerSettingsOfSink,
    };
  } catch (error) {
    return without(messageOf(error));
  }
}

const without = (why: string): Sinks => ({
  contenders: [],
  notRun: notRun(sinkSettings, why),
  versions: {},
  brokerSettings: {},
});

const notRun = (settings: readonly SinkSetting[], why: string): Record<string, string> =>
  Object.fromEntries(settings.map(({ name }) => [name, why]));
