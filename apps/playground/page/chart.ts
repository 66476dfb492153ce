import uPlot from 'uplot';

import type { Sample } from '../src/messages.ts';
import { left, right, secondsOf } from './frame.ts';

export interface Chart {
  add(sample: Sample): void;
  clear(): void;
  /** @param now The server's clock. */
  draw(now: number): void;
}

/** Samples come twice a second. */
const perSecond = 2;
const kept = 120 * perSecond;
const height = 150;

/** The latest calls as bars, and their latency as lines. */
export function createChart(parent: HTMLElement): Chart {
  let samples: Sample[] = [];
  let now = 0;
  let plot = create();

  function create(): uPlot {
    return new uPlot(
      optionsFor(parent, () => now),
      dataOf(samples),
      parent,
    );
  }
  const recreate = (): void => {
    plot.destroy();
    plot = create();
  };
  // The canvas has no style sheet.
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', recreate);
  new ResizeObserver(() => plot.setSize({ width: parent.clientWidth, height })).observe(parent);

  return {
    add(sample) {
      samples = [...samples, sample].slice(-kept);
      const { median } = sample;
      const latency = median === undefined ? 'no call ended' : `median ${Math.round(median)} ms`;
      parent.setAttribute('aria-label', `Chart of calls and latency. Last half second: ${sample.calls} calls, ${latency}.`);
    },
    clear() {
      samples = [];
    },
    draw(at) {
      now = at / 1_000;
      plot.setData(dataOf(samples));
    },
  };
}

function dataOf(samples: readonly Sample[]): uPlot.AlignedData {
  return [
    samples.map(({ at }) => at / 1_000),
    samples.map(({ calls }) => calls * perSecond),
    samples.map(({ median }) => median ?? null),
    samples.map(({ slowest }) => slowest ?? null),
  ];
}

function optionsFor(parent: HTMLElement, now: () => number): uPlot.Options {
  const style = getComputedStyle(parent);
  // `light-dark()` is resolved only where it is used as a colour.
  const colour = (name: string): string => {
    parent.style.color = `var(--${name})`;
    const { color } = style;
    parent.style.color = '';
    return color;
  };
  const axis = { stroke: colour('soft'), font: '11px system-ui, sans-serif', ticks: { show: false } };
  const line = (name: string, width: number): uPlot.Series => ({
    scale: 'ms',
    stroke: colour(name),
    width,
    points: { show: false },
    spanGaps: true,
  });
  const bars = uPlot.paths.bars?.({ size: [0.9, 8] });
  return {
    width: Math.max(parent.clientWidth, 100),
    height,
    cursor: { show: false },
    legend: { show: false },
    padding: [10, 0, 0, 0],
    scales: {
      x: { time: false, range: ({ width }) => [now() - secondsOf(width), now()] },
      calls: { range: (_plot, _min, max) => [0, Math.max(10, (max ?? 0) * 1.15)] },
      ms: { range: (_plot, _min, max) => [0, Math.max(60, (max ?? 0) * 1.15)] },
    },
    axes: [
      {
        ...axis,
        size: 24,
        grid: { show: false },
        splits: ({ width }) => marks(width).map((ago) => now() - ago),
        values: ({ width }) => marks(width).map((ago) => (ago === 0 ? 'now' : `−${ago} s`)),
      },
      {
        ...axis,
        scale: 'ms',
        size: left,
        space: 34,
        grid: { stroke: colour('line'), width: 1 },
        values: (_plot, ticks) => ticks.map((ms) => (ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`)),
      },
      {
        ...axis,
        scale: 'calls',
        // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- the right side: a `const enum` has no values at run time
        side: 1,
        size: right,
        space: 34,
        grid: { show: false },
        values: (_plot, ticks) => ticks.map((rate) => `${rate}/s`),
      },
    ],
    series: [
      {},
      { scale: 'calls', fill: colour('calls'), width: 0, points: { show: false }, ...(bars === undefined ? {} : { paths: bars }) },
      line('median', 2),
      line('slowest', 1.25),
    ],
  };
}

function marks(width: number): number[] {
  return [120, 90, 60, 30, 0].filter((ago) => ago <= secondsOf(width));
}
