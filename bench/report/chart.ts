import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

import type { Bar, Panel } from './chart-data.ts';

const width = 960;
const namesWidth = 190;
const height = 300;
const top = 56;
const bottom = 44;

const style = `
  .page { fill: #ffffff; stroke: #d0d7de; }
  text { fill: #1f2328; font-family: system-ui, 'Segoe UI', Helvetica, Arial, sans-serif; font-size: 12px; }
  .title { font-weight: 600; font-size: 13px; }
  .unit, .none { fill: #656d76; font-size: 11px; }
  .ours { fill: #1a7f37; }
  .other { fill: #9aa4af; }
  .own-name { font-weight: 600; }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117; stroke: #30363d; }
    text { fill: #e6edf3; }
    .unit, .none { fill: #8d96a0; }
    .ours { fill: #3fb950; }
    .other { fill: #5b6570; }
  }`;

const format = (value: number, digits: number): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** What all parts of the picture have in common, so that their rows meet. */
function draw(bars: readonly Bar[], partWidth: number, options: Plot.PlotOptions): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const plot = Plot.plot({
    document,
    width: partWidth,
    height: height - top - bottom,
    marginLeft: 6,
    marginRight: 6,
    marginTop: 0,
    marginBottom: 0,
    y: { type: 'band', domain: bars.map(({ name }) => name), axis: null, padding: 0.35 },
    ...options,
  });
  // Its style sheet would count for the whole picture.
  plot.querySelector('style')?.remove();
  return plot.innerHTML;
}

function drawNames(bars: readonly Bar[]): string {
  const names = (own: boolean): Plot.Markish =>
    Plot.text(
      bars.filter(({ isOurs }) => isOurs === own),
      { y: 'name', text: 'name', frameAnchor: 'right', className: own ? 'own-name' : 'name', fill: null },
    );
  return draw(bars, namesWidth, { marks: [names(true), names(false)] });
}

/** One panel: a bar for each contender, its figure behind it. */
function drawPanel({ bars, digits }: Panel, panelWidth: number): string {
  const found = bars.flatMap((bar) => (bar.value === undefined ? [] : [{ ...bar, value: bar.value }]));
  const none = bars.filter(({ value }) => value === undefined);
  const most = Math.max(...found.map(({ value }) => value), 1);
  const y = 'name';
  const mark = (own: boolean): Plot.Markish =>
    Plot.barX(
      found.filter(({ isOurs }) => isOurs === own),
      { x: 'value', y, className: own ? 'ours' : 'other', fill: null },
    );
  return draw(bars, panelWidth, {
    x: { domain: [0, most * 1.45], axis: null },
    marks: [
      mark(true),
      mark(false),
      Plot.text(found, {
        x: 'value',
        y,
        text: ({ value }: { value: number }) => format(value, digits),
        textAnchor: 'start',
        dx: 5,
        fill: null,
      }),
      Plot.text(none, { x: 0, y, text: () => 'takes no part', textAnchor: 'start', dx: 5, className: 'none', fill: null }),
    ],
  });
}

/** The chart as SVG, with a background of its own, in light and dark. */
export function drawChart(panels: readonly Panel[]): string {
  const panelWidth = (width - namesWidth - 16) / Math.max(panels.length, 1);
  const drawn = panels.map((panel, index) => {
    const x = namesWidth + index * panelWidth;
    return [
      `<text class="title" x="${(x + 6).toFixed(1)}" y="34">${panel.title}</text>`,
      `<g transform="translate(${x.toFixed(1)},${top})">${drawPanel(panel, panelWidth)}</g>`,
      `<text class="unit" x="${(x + 6).toFixed(1)}" y="${height - 20}">${panel.unit}</text>`,
    ].join('\n');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    '<title>These packages and others: shorter bars are better</title>',
    `<style>${style}\n</style>`,
    `<rect class="page" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="6"/>`,
    `<g transform="translate(0,${top})">${drawNames(panels[0]?.bars ?? [])}</g>`,
    ...drawn,
    '</svg>\n',
  ].join('\n');
}
