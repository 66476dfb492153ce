import type { Attributes } from '@opentelemetry/api';
import { type DataPoint, DataPointType, type Histogram, type MetricData } from '@opentelemetry/sdk-metrics';

/** One time series as Prometheus has it, with its last value. */
export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * What a Prometheus behind OTLP has of metrics, by the OpenTelemetry specification of the compatibility with Prometheus: the unit and `_total` go into the
 * name, and what is no letter, digit or underscore becomes one.
 */
export function toSeries(metrics: readonly MetricData[]): Series[] {
  return metrics.flatMap((metric) => {
    const name = plain(metric.descriptor.name) + suffixOf(metric.descriptor.unit);
    if (metric.dataPointType === DataPointType.HISTOGRAM) return metric.dataPoints.flatMap((point) => histogramSeries(name, point));
    if (metric.dataPointType !== DataPointType.SUM) throw new Error(`${name}: a kind of metric that is not translated here`);
    return metric.dataPoints.map(({ attributes, value }) => ({
      name: metric.isMonotonic ? `${name}_total` : name,
      labels: labelsOf(attributes),
      value,
    }));
  });
}

function histogramSeries(name: string, { attributes, value }: DataPoint<Histogram>): Series[] {
  const labels = labelsOf(attributes);
  const { counts, boundaries } = value.buckets;
  const buckets = counts.map((_, at) => ({
    name: `${name}_bucket`,
    labels: { ...labels, le: String(boundaries[at] ?? '+Inf') },
    value: counts.slice(0, at + 1).reduce((sum, count) => sum + count, 0),
  }));
  return [{ name: `${name}_count`, labels, value: value.count }, { name: `${name}_sum`, labels, value: value.sum ?? 0 }, ...buckets];
}

function labelsOf(attributes: Attributes): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [plain(name), String(value)]));
}

function plain(name: string): string {
  return name.replaceAll(/[^a-zA-Z0-9_]+/g, '_');
}

/** Units in braces are counts, which Prometheus does not name. */
function suffixOf(unit: string): string {
  if (unit === 's') return '_seconds';
  if (/^\{.*\}$/.test(unit)) return '';
  throw new Error(`${unit}: a unit that is not translated here`);
}
