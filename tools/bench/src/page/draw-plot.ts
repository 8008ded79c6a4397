import { CustomChart, BarChart } from 'echarts/charts';
import { GridComponent, TitleComponent } from 'echarts/components';
import { init, use, type EChartsCoreOption } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { Plot } from '../frame/benchmark.ts';
import { agree } from '../frame/goals.ts';
import type { ContenderResult } from '../frame/result.ts';
import { numberText, settingText } from './numbers.ts';

use([BarChart, CustomChart, GridComponent, TitleComponent, SVGRenderer]);

const width = 860;
const barHeight = 30;

/** An SVG with a bar for each contender, as long as the median, and a line from the least to the greatest sample. */
export function drawPlot(
  { title, figure, where = {} }: Plot,
  results: readonly ContenderResult[],
): string {
  const bars = results.flatMap(({ contender, setting, figures }) => {
    const found = figures.find(({ name }) => name === figure);
    if (found === undefined || !agree(setting, where)) return [];
    return [{ ...found, name: [contender, settingText(setting)].filter(Boolean).join(': ') }];
  });
  const height = 80 + Math.max(1, bars.length) * barHeight;
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption(optionsOf(`${title}, ${bars[0]?.unit ?? 'not measured'}`, bars));
    return `${chart.renderToSVGString()}\n`;
  } finally {
    chart.dispose();
  }
}

interface Bar {
  readonly name: string;
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

const optionsOf = (title: string, bars: readonly Bar[]): EChartsCoreOption => ({
  animation: false,
  backgroundColor: '#ffffff',
  title: { text: title, textStyle: { fontSize: 14, fontWeight: 'normal' } },
  grid: { left: 300, right: 80, top: 40, bottom: 30 },
  xAxis: { type: 'value', axisLabel: { formatter: numberText } },
  yAxis: { type: 'category', inverse: true, data: bars.map(({ name }) => name) },
  series: [
    {
      type: 'bar',
      itemStyle: { color: '#3a7ca5' },
      barWidth: barHeight / 2,
      data: bars.map(({ median }) => median),
      label: { show: true, position: 'insideLeft', color: '#ffffff', formatter: labelOf },
    },
    {
      type: 'custom',
      encode: { x: [0, 1], y: 2 },
      data: bars.map(({ min, max }, index) => [min, max, index]),
      renderItem: whisker,
    },
  ],
});

const labelOf = ({ value }: { readonly value: number }): string => numberText(value);

interface Drawing {
  readonly value: (dimension: number) => number;
  readonly coord: (point: readonly [number, number]) => [number, number];
}

function whisker(_: unknown, { value, coord }: Drawing): object {
  const [x1, y1] = coord([value(0), value(2)]);
  const [x2, y2] = coord([value(1), value(2)]);
  return { type: 'line', shape: { x1, y1, x2, y2 }, style: { stroke: '#16425b', lineWidth: 2 } };
}
