import type { SettingValues } from '../frame/benchmark.ts';

/** 12345.6 as "12,346", 0.01234 as "0.0123". */
export const numberText = (value: number): string =>
  value.toLocaleString('en-GB', { maximumSignificantDigits: Math.abs(value) >= 1_000 ? 21 : 3 });

/** `patients 10,000, process warm` */
export const settingText = (setting: SettingValues): string =>
  Object.entries(setting)
    .map(([name, value]) => `${name} ${typeof value === 'number' ? numberText(value) : value}`)
    .join(', ');
