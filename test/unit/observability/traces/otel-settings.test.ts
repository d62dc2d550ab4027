import { describe, expect, it } from 'vitest'
import { readOtelSettings } from '../../../../src/observability/traces/otel-settings.ts'
import { traceIdsOf } from '../../../../src/observability/traces/trace-ids.ts'

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' }

describe('the settings of OpenTelemetry', () => {
  it.each([
    {},
    { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' },
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317' },
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://' },
    { ...ENDPOINT, OTEL_SDK_DISABLED: 'TRUE' },
    { ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none' },
  ])('%j name no endpoint', (env) => expect(readOtelSettings(env)).toBeNull())

  it('are read from the variables of its specification', () => {
    const env = {
      ...ENDPOINT,
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20abc, bad ,x=1=2,broken=%',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x=3',
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=named,region=eu',
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0.25',
    }
    expect(readOtelSettings(env)).toEqual({
      url: 'http://collector:4318/v1/traces',
      headers: { authorization: 'Bearer abc', x: '3', broken: '%' },
      serviceName: 'named',
      resourceAttributes: { region: 'eu' },
      ratio: 0.25,
    })
    expect(readOtelSettings({ ...env, OTEL_SERVICE_NAME: 'wins' })?.serviceName).toBe('wins')
  })

  it('take the endpoint of traces as it is, before the general one', () => {
    const env = { ...ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://other/traces' }
    expect(readOtelSettings(env)).toMatchObject({ url: 'https://other/traces', ratio: 1 })
  })

  it.each([
    ['always_off', '1', 0],
    ['parentbased_always_on', undefined, 1],
    ['traceidratio', 'nonsense', 1],
    ['unknown', '0.5', 1],
  ])('sample by %s %s', (sampler, argument, ratio) => {
    const env = { ...ENDPOINT, OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: argument }
    expect(readOtelSettings(env)?.ratio).toBe(ratio)
  })
})

describe('the ids of a trace', () => {
  const key = Buffer.from('a key of a sandbox')

  it('are the same for the same message, and others for every other one', () => {
    const ids = traceIdsOf(key, 'default', 'A')
    expect(traceIdsOf(key, 'default', 'A')).toEqual(ids)
    const others = [
      traceIdsOf(key, 'default', 'B'),
      traceIdsOf(key, 'second', 'A'),
      traceIdsOf(Buffer.from('another'), 'default', 'A'),
    ]
    for (const other of others) expect(other.traceId).not.toBe(ids.traceId)
  })

  it('are found in the log, which masks what may be a number', () => {
    for (let index = 0; index < 2_000; index += 1) {
      const { traceId, rootSpanId } = traceIdsOf(key, 'default', String(index))
      expect(traceId).toMatch(/^[0-9a-f]{32}$/)
      expect(rootSpanId).toMatch(/^[0-9a-f]{16}$/)
      expect(traceId).not.toMatch(/\d{7}/)
    }
  })
})
