/** The paths and variables are those of OpenTelemetry's specification ("OTLP Exporter Configuration"). */
const TRACES_PATH = 'v1/traces'
const TRACES_ENDPOINT = 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'
const ENDPOINT = 'OTEL_EXPORTER_OTLP_ENDPOINT'

/** Where traces go, as OpenTelemetry's variables say. */
export interface OtelSettings {
  url: string
  headers: Record<string, string>
  serviceName: string
  resourceAttributes: Record<string, string>
  /** The share of traces that are kept, by their id: 0 to 1. */
  ratio: number
}

/** `null` where no endpoint is named, or traces are switched off: then nothing of this is loaded. */
export function readOtelSettings(env: NodeJS.ProcessEnv): OtelSettings | null {
  const general = valueOf(env, ENDPOINT)
  const url =
    valueOf(env, TRACES_ENDPOINT) ??
    (general === null ? null : `${general.replace(/\/+$/, '')}/${TRACES_PATH}`)
  if (url === null || isOff(env) || !isEndpoint(url)) return null
  const { 'service.name': named, ...resourceAttributes } = pairs(valueOf(env, 'OTEL_RESOURCE_ATTRIBUTES'))
  return {
    url,
    headers: {
      ...pairs(valueOf(env, 'OTEL_EXPORTER_OTLP_HEADERS')),
      ...pairs(valueOf(env, 'OTEL_EXPORTER_OTLP_TRACES_HEADERS')),
    },
    serviceName: valueOf(env, 'OTEL_SERVICE_NAME') ?? named ?? 'whatsappd',
    resourceAttributes,
    ratio: readRatio(env),
  }
}

/** The variable whose endpoint cannot be used, where traces are wanted; else `null`. Its value may hold a key. */
export function unusableEndpoint(env: NodeJS.ProcessEnv): string | null {
  const name = valueOf(env, TRACES_ENDPOINT) === null ? ENDPOINT : TRACES_ENDPOINT
  const value = valueOf(env, name)
  return value === null || isOff(env) || isEndpoint(value) ? null : name
}

function isOff(env: NodeJS.ProcessEnv): boolean {
  return (
    valueOf(env, 'OTEL_SDK_DISABLED')?.toLowerCase() === 'true' ||
    valueOf(env, 'OTEL_TRACES_EXPORTER')?.toLowerCase() === 'none'
  )
}

function isEndpoint(text: string): boolean {
  return /^https?:\/\/[^/]/.test(text) && URL.canParse(text)
}

/** A trace begins here: what a parent decided never counts. */
function readRatio(env: NodeJS.ProcessEnv): number {
  const sampler = (valueOf(env, 'OTEL_TRACES_SAMPLER') ?? 'always_on').replace(/^parentbased_/, '')
  if (sampler === 'always_off') return 0
  if (sampler !== 'traceidratio') return 1
  const ratio = Number(valueOf(env, 'OTEL_TRACES_SAMPLER_ARG') ?? '1')
  return ratio >= 0 && ratio <= 1 ? ratio : 1
}

/** An empty variable is as good as none. */
function valueOf(env: NodeJS.ProcessEnv, name: string): string | null {
  return env[name]?.trim() || null
}

/** `key1=value1,key2=value2`, percent-encoded. */
function pairs(text: string | null): Record<string, string> {
  const entries = (text ?? '').split(',').flatMap((pair): [string, string][] => {
    const at = pair.indexOf('=')
    const key = pair.slice(0, Math.max(0, at)).trim()
    return key === '' ? [] : [[key, decoded(pair.slice(at + 1).trim())]]
  })
  return Object.fromEntries(entries)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
