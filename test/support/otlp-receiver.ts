import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect } from 'vitest'

export interface ReceivedSpan {
  name: string
  traceId: string
  spanId: string
  /** Empty for the root. */
  parentSpanId: string
  /** Milliseconds since 1970. */
  startedAt: number
  endedAt: number
  isError: boolean
  /** Ids of traces. */
  links: string[]
  attributes: Record<string, string | number>
  resource: Record<string, string | number>
  /** Of the header `x-token`. */
  token: string | null
}

/** A receiver of traces, in a process of its own (`otlp-receiver.mjs`). */
export class OtlpReceiver {
  readonly url: string
  readonly #child: ChildProcess

  private constructor(child: ChildProcess, port: string) {
    this.#child = child
    this.url = `http://127.0.0.1:${port}`
  }

  static async start(): Promise<OtlpReceiver> {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'otlp-receiver.mjs')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    // It prints its port when it listens.
    const [line] = (await once(child.stdout, 'data')) as [Buffer]
    return new OtlpReceiver(child, line.toString().trim())
  }

  async spans(): Promise<ReceivedSpan[]> {
    return (await (await fetch(`${this.url}/spans`)).json()) as ReceivedSpan[]
  }

  /** Everything that came, as it came, one character a byte. */
  async bytes(): Promise<string> {
    return Buffer.from(await (await fetch(`${this.url}/bytes`)).arrayBuffer()).toString('latin1')
  }

  /** The spans of a trace, once these names are among them. */
  async untilTrace(fits: (span: ReceivedSpan) => boolean, names: readonly string[]): Promise<ReceivedSpan[]> {
    let found: ReceivedSpan[] = []
    await expect
      .poll(
        async () => {
          const spans = await this.spans()
          const traceId = spans.find(fits)?.traceId
          found = spans.filter((span) => span.traceId === traceId)
          return found.map(({ name }) => name)
        },
        { timeout: 60_000, interval: 100 },
      )
      .toEqual(expect.arrayContaining([...names]))
    return found
  }

  async stop(): Promise<void> {
    const gone = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await gone
  }
}
