import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { MetricData } from '@opentelemetry/sdk-metrics';
import { channels } from '@x/auth-core';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { type Series, toSeries } from './prometheus.ts';
import { parseQuery, selects } from './promql.ts';
import { playStories } from './stories.ts';
import { startTelemetry } from './telemetry.ts';

const folder = join(import.meta.dirname, '../../docs/observability');
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

const dashboardSchema = v.object({
  templating: v.object({ list: v.array(v.object({ name: v.string(), definition: v.optional(v.string()) })) }),
  panels: v.array(
    v.object({
      id: v.number(),
      title: v.string(),
      description: v.string(),
      gridPos: v.object({ x: v.number(), y: v.number(), w: v.number(), h: v.number() }),
      targets: v.array(v.object({ refId: v.string(), expr: v.string(), legendFormat: v.string() })),
    }),
  ),
});
const rulesSchema = v.object({
  groups: v.array(
    v.object({
      name: v.string(),
      rules: v.array(
        v.strictObject({
          alert: v.string(),
          expr: v.string(),
          for: v.optional(v.string()),
          labels: v.object({ severity: v.picklist(['critical', 'warning', 'info']) }),
          annotations: v.object({ summary: v.string(), description: v.string() }),
        }),
      ),
    }),
  ),
});

const dashboard = v.parse(dashboardSchema, JSON.parse(read('grafana-dashboard.json')));
const rules = v.parse(rulesSchema, parse(read('alert-rules.yaml'))).groups.flatMap((group) => group.rules);

let metrics: readonly MetricData[] = [];
let series: Series[] = [];
beforeAll(async () => {
  using telemetry = startTelemetry();
  await playStories(async () => void (metrics = await telemetry.metrics()));
  series = toSeries(metrics);
});

const selected = (selector: ReturnType<typeof parseQuery>['selectors'][number]): Series[] => series.filter((one) => selects(selector, one));

/** Why a query shows nothing: a selector that finds no series that has moved, or a label that is grouped by or shown and that none has. */
function problemsOf(expr: string, shown: readonly string[] = []): string[] {
  const { selectors, labels } = parseQuery(expr);
  const empty = selectors.filter((selector) => !selected(selector).some(({ value }) => value > 0));
  const unknown = selectors.flatMap((selector) => labels.filter((label) => !selected(selector).some((one) => label in one.labels)));
  return [
    ...(selectors.length === 0 ? ['no selector'] : []),
    ...empty.map(({ text }) => `no data: ${text}`),
    ...unknown.map((label) => `no label: ${label}`),
    ...shown.filter((label) => !labels.includes(label)).map((label) => `shown, but not grouped by: ${label}`),
  ];
}

const labelsIn = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, label = '']) => label);

describe('the dashboard', () => {
  const targets = dashboard.panels.flatMap(({ title, targets: all }) => all.map((target) => ({ title, ...target })));

  it.each(targets)('the panel "$title" ($refId) shows what the recipe exports', ({ expr, legendFormat }) => {
    expect(problemsOf(expr, labelsIn(legendFormat, /\{\{(\w+)\}\}/g))).toEqual([]);
  });

  it('its list of providers has every provider of the process', () => {
    const [, name = '', label = ''] = /^label_values\((\w+), (\w+)\)$/.exec(dashboard.templating.list[1]?.definition ?? '') ?? [];
    const found = series.filter((one) => one.name === name).map(({ labels }) => labels[label]);
    expect(new Set(found)).toEqual(new Set(['esignon', 'datacomsys']));
  });

  it('its panels stand side by side, each with a title of its own and a sentence that explains it', () => {
    const places = dashboard.panels.map(({ gridPos: { x, y, w } }) => `${x} ${y} ${w}`);
    expect(new Set(places).size).toBe(dashboard.panels.length);
    expect(new Set(dashboard.panels.map(({ title }) => title)).size).toBe(dashboard.panels.length);
    for (const { description, gridPos } of dashboard.panels) {
      expect(description).toMatch(/^[A-Z].*\.$/);
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
    }
  });

  it('leaves nothing unshown that the recipe exports', () => {
    const shown = new Set(
      targets.flatMap(({ expr }) => parseQuery(expr).selectors.map(({ name }) => name.replace(/_(?:bucket|count|sum)$/, ''))),
    );
    const exported = new Set(series.map(({ name }) => name.replace(/_(?:bucket|count|sum)$/, '')));
    expect(shown).toEqual(exported);
  });
});

describe('the alert rules', () => {
  it.each(rules)('the rule $alert is fed by what the recipe exports', ({ expr, annotations }) => {
    expect(problemsOf(expr, labelsIn(annotations.summary, /\$labels\.(\w+)/g))).toEqual([]);
  });

  it('have a name of their own each, and say what to do', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const { annotations } of rules) expect(annotations.description).toMatch(/^[A-Z].*\.$/s);
  });
});

describe('the document', () => {
  const rows = readFileSync(`${folder}.md`, 'utf8')
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const namesIn = (cell = ''): string[] => labelsIn(cell, /`([^`]+)`/g);

  it('lists every metric with all attributes that it may have', () => {
    const described = rows
      .filter(([, , kind = '']) => /histogram|counter/.test(kind))
      .map(([, name, , attributes]) => [namesIn(name)[0], ['auth_core.provider', ...namesIn(attributes)].toSorted()]);
    const exported = metrics.map(({ descriptor, dataPoints }) => [
      descriptor.name,
      [...new Set(dataPoints.flatMap(({ attributes }) => Object.keys(attributes)))].toSorted(),
    ]);
    expect(Object.fromEntries(described)).toEqual(Object.fromEntries(exported));
  });

  it('lists every rule, in the order of the file, with events that there are', () => {
    const described = rows.filter(([, name = '']) => name.startsWith('`Auth'));
    expect(described.map(([, name]) => namesIn(name)[0])).toEqual(rules.map(({ alert }) => alert));
    for (const [, , event] of described) expect(Object.keys(channels)).toContain(namesIn(event)[0]);
  });
});

it('a query that is not PromQL, and a metric that nobody exports, would be noticed', () => {
  expect(() => parseQuery('sum by (a) (rate(x[5m])')).toThrow('not PromQL');
  expect(problemsOf('rate(auth_core_nothing_total[5m])')).toEqual(['no data: auth_core_nothing_total']);
  expect(problemsOf('sum by (nobody) (rate(auth_core_rejections_total[5m]))', ['who'])).toEqual([
    'no label: nobody',
    'shown, but not grouped by: who',
  ]);
});
