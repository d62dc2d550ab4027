import { createHash, randomBytes } from 'node:crypto'
import { Agent } from 'node:http'
import { Agent as SecureAgent } from 'node:https'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  type IdGenerator,
  RandomIdGenerator,
  type ReadableSpan,
  type SpanExporter,
  TracerProvider,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace'
import type { Logger } from 'pino'
import { withDeadline } from '../../timing/deadline.ts'
import { OtelAccountTraces, type GivenIds } from './otel-account-traces.ts'
import type { OtelSettings } from './otel-settings.ts'
import type { TraceIds } from './trace-ids.ts'
import type { LoadedTraces, TracesDependencies } from './traces.ts'

/** Spans that wait; further ones are dropped. Each is about a kilobyte. */
const MAX_QUEUE = 2_048
const MAX_BATCH = 512
const EXPORT_EVERY_MS = 2_000
const EXPORT_TIMEOUT_MS = 10_000
const STOP_MS = 2_000

/** The part that is loaded where an endpoint is named. */
export function loadTraces(
  settings: OtelSettings,
  { agentFor, secret, version, logger }: TracesDependencies,
): LoadedTraces {
  const { url, headers, serviceName, resourceAttributes, ratio } = settings
  const exporter = new OTLPTraceExporter({
    url,
    headers,
    timeoutMillis: EXPORT_TIMEOUT_MS,
    httpAgentOptions: () => agentFor(url) ?? newAgent(url),
  })
  const ids = new SettableIds()
  const sampler = new TraceIdRatioBasedSampler(ratio)
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': serviceName,
      'service.version': version,
      ...resourceAttributes,
    }),
    sampler,
    idGenerator: ids,
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: tellingExporter(exporter, logger),
        maxQueueSize: MAX_QUEUE,
        maxExportBatchSize: MAX_BATCH,
        scheduledDelayMillis: EXPORT_EVERY_MS,
        exportTimeoutMillis: EXPORT_TIMEOUT_MS,
      }),
    ],
  })
  const tracer = provider.getTracer('whatsappd', version)
  // Without the secret of this sandbox traces do not go on over a restart.
  const key = createHash('sha256')
    .update('whatsappd traces 1')
    .update(secret() ?? randomBytes(32))
    .digest()
  logger.info({ host: new URL(url).host }, 'traces are sent by OTLP')
  return {
    of: (account, shown) => new OtelAccountTraces({ tracer, ids, key, sampler, account, shown }),
    stop: async () => {
      const stopped = provider.shutdown().catch(() => undefined)
      await withDeadline(stopped, STOP_MS, () => undefined)
    },
  }
}

function newAgent(url: string): Agent {
  return url.startsWith('https:') ? new SecureAgent({ keepAlive: true }) : new Agent({ keepAlive: true })
}

/** Random ids, but for the next span where its ids are given. */
class SettableIds implements GivenIds, IdGenerator {
  next: TraceIds | null = null
  readonly #random = new RandomIdGenerator()

  generateTraceId(): string {
    return this.next?.traceId ?? this.#random.generateTraceId()
  }

  generateSpanId(): string {
    return this.next?.rootSpanId ?? this.#random.generateSpanId()
  }
}

/** Logs that a receiver does not take traces, once until it takes some. */
function tellingExporter(exporter: SpanExporter, logger: Logger): SpanExporter {
  let isFailing = false
  return {
    export: (spans: ReadableSpan[], done) =>
      exporter.export(spans, (result) => {
        const hasFailed = result.error !== undefined
        if (hasFailed && !isFailing)
          logger.warn(
            { why: result.error?.message },
            'traces could not be sent, and are dropped; nothing else waits for them. The next failures are not logged, until some are taken.',
          )
        isFailing = hasFailed
        done(result)
      }),
    shutdown: () => exporter.shutdown(),
  }
}
