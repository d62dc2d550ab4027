import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createLogger } from '../../../../src/observability/log/logger.ts'
import { Traces } from '../../../../src/observability/traces/traces.ts'

function tracesIn(env: NodeJS.ProcessEnv): { traces: Traces; lines: string[] } {
  const lines: string[] = []
  const logger = createLogger({
    level: 'warn',
    format: 'json',
    destination: { write: (line) => lines.push(line) },
  })
  const secret = randomBytes(32).toString('base64')
  const traces = new Traces({
    env,
    agentFor: () => undefined,
    secret: () => secret,
    version: '1.2.3',
    logger,
  })
  return { traces, lines }
}

describe('the header for a server that carries on a trace', () => {
  it.each([
    ['always_on', '01'],
    ['always_off', '00'],
  ])('says by %s whether the trace is kept', async (sampler, flags) => {
    const { traces } = tracesIn({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
      OTEL_TRACES_SAMPLER: sampler,
    })
    await traces.start()
    // It does not end, so that nothing is sent.
    const of = traces.of('default', 'default')
    const header = new RegExp(`^00-[0-9a-f]{32}-[0-9a-f]{16}-${flags}$`)
    expect(of?.begin('agent', 'A').traceparent).toMatch(header)
    expect(of?.traceparent('A')).toMatch(header)
    expect(of?.traceparent('A').split('-')[1]).toBe(of?.ids('A').traceId)
    await traces.stop()
  })
})

describe('an endpoint that cannot be used', () => {
  it.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318/k3y' }, 'OTEL_EXPORTER_OTLP_ENDPOINT'],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'grpc://collector/k3y' }, 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'],
  ])('%j is named in the log, without its value', async (env, variable) => {
    const { traces, lines } = tracesIn(env)
    await traces.start()
    expect(traces.of('default', 'default')).toBeNull()
    expect(lines).toHaveLength(1)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'warn', variable })
    expect(lines[0]).not.toContain('k3y')
  })

  it.each([
    {},
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector', OTEL_SDK_DISABLED: 'true' },
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector', OTEL_TRACES_EXPORTER: 'none' },
  ])('is not spoken of by %j, where no traces are wanted', async (env) => {
    const { traces, lines } = tracesIn(env)
    await traces.start()
    expect(lines).toEqual([])
  })
})
