import { context, trace, metrics } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  type MetricData,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

import { observeAuth } from '../../docs/observability/observe-auth.ts';

/** One log line of the recipe. */
interface LogLine {
  readonly level: string;
  readonly event: string;
  readonly fields: object;
}

/** The recipe at work with the OpenTelemetry SDK, as an application has it, but for exporters that keep everything. */
export interface Telemetry extends Disposable {
  readonly spans: () => readonly ReadableSpan[];
  readonly lines: readonly LogLine[];
  /** What a collector has been sent by now, all told. */
  metrics(): Promise<readonly MetricData[]>;
  /** Ends the recipe, and what it still has open. */
  stop(): void;
}

export function startTelemetry(): Telemetry {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  // It exports where it is told to, and never by the time.
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000, exportTimeoutMillis: 10_000 });
  const spanExporter = new InMemorySpanExporter();
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spanExporter })] }));
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const lines: LogLine[] = [];
  const stop = observeAuth({
    meter: metrics.getMeter('auth'),
    tracer: trace.getTracer('auth'),
    log: (level, event, fields) => void lines.push({ level, event, fields }),
  });
  return {
    spans: () => spanExporter.getFinishedSpans(),
    lines,
    async metrics() {
      exporter.reset();
      await reader.forceFlush();
      return exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
    },
    stop,
    [Symbol.dispose]() {
      stop();
      for (const api of [metrics, trace, context]) api.disable();
    },
  };
}
