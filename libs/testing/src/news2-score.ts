import type { VitalSigns } from './vital-signs.ts';

/** The seven parts of the National Early Warning Score 2, oxygen saturation by scale 2, breathing air. */
export interface News2Parts {
  readonly respiration: number;
  readonly oxygenSaturation: number;
  readonly air: number;
  readonly pulse: number;
  readonly systolic: number;
  readonly consciousness: number;
  readonly temperature: number;
}

/** The score of the first bound that the value does not exceed. */
const banded = (
  value: number,
  bands: readonly (readonly [upTo: number, score: number])[],
): number => bands.find(([upTo]) => value <= upTo)?.[1] ?? 0;

/** Royal College of Physicians, NEWS2 (2017), chart 1. */
export const news2PartsOf = (signs: VitalSigns): News2Parts => ({
  respiration: banded(signs.respirationRate, [
    [8, 3],
    [11, 1],
    [20, 0],
    [24, 2],
    [Infinity, 3],
  ]),
  oxygenSaturation: banded(signs.oxygenSaturation, [
    [83, 3],
    [85, 2],
    [87, 1],
    [Infinity, 0],
  ]),
  air: 0,
  pulse: banded(signs.heartRate, [
    [40, 3],
    [50, 1],
    [90, 0],
    [110, 1],
    [130, 2],
    [Infinity, 3],
  ]),
  systolic: banded(signs.systolic, [
    [90, 3],
    [100, 2],
    [110, 1],
    [219, 0],
    [Infinity, 3],
  ]),
  consciousness: signs.isAlert ? 0 : 3,
  temperature: banded(signs.temperature, [
    [35, 3],
    [36, 1],
    [38, 0],
    [39, 1],
    [Infinity, 2],
  ]),
});

export const news2TotalOf = (parts: News2Parts): number =>
  Object.values<number>({ ...parts }).reduce((sum, score) => sum + score, 0);
