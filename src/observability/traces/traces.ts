import type { Agent } from 'node:http'
import type { Logger } from 'pino'
import type { AccountTraces } from './account-traces.ts'
import { readOtelSettings, unusableEndpoint } from './otel-settings.ts'

export interface TracesDependencies {
  env: NodeJS.ProcessEnv
  /** Of a proxy, where one is named. */
  agentFor: (url: string) => Agent | undefined
  /** Of this sandbox, from which the ids of traces are made; `null` where there is none. */
  secret: () => string | null
  version: string
  logger: Logger
}

/** What makes traces, once it is loaded. */
export interface LoadedTraces {
  /** `shown`: the account's id as it may be seen elsewhere. */
  of(account: string, shown: string): AccountTraces
  /** Sends what is left, within two seconds. */
  stop(): Promise<void>
}

/** Traces by OpenTelemetry, where `OTEL_EXPORTER_OTLP_ENDPOINT` is set; otherwise nothing of it is loaded, and nothing is done. */
export class Traces {
  readonly #deps: TracesDependencies
  #loaded: LoadedTraces | null = null

  constructor(deps: TracesDependencies) {
    this.#deps = deps
  }

  async start(): Promise<void> {
    const { env, logger } = this.#deps
    const settings = readOtelSettings(env)
    if (settings === null) {
      const variable = unusableEndpoint(env)
      if (variable !== null)
        logger.warn(
          { variable },
          'no traces are sent: the variable holds no URL with http:// or https://. Write it such as http://127.0.0.1:4318, and start the daemon again.',
        )
      return
    }
    const { loadTraces } = await import('./load-traces.ts')
    this.#loaded = loadTraces(settings, this.#deps)
  }

  /** `null` where there are no traces. */
  of(account: string, shown: string): AccountTraces | null {
    return this.#loaded?.of(account, shown) ?? null
  }

  async stop(): Promise<void> {
    await this.#loaded?.stop()
  }
}
