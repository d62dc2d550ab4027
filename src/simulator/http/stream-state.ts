import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { SimulatorState } from '../../protocol/demo-state.ts'

/** Changes within this time become one event. */
const COALESCE_MS = 50
/** Keeps proxies from closing a quiet stream, and ends "typing…" in time. */
const HEARTBEAT_MS = 15_000

/** What changes, and stops at some time. */
export interface StateSource {
  state: () => SimulatorState
  onChange(listener: () => void): () => void
  onStop(listener: () => void): () => void
}

/** The state now, and again whenever it changes. */
export function streamState(context: Context, source: StateSource): Response {
  return streamSSE(context, async (stream) => {
    const timers: { change?: NodeJS.Timeout; heartbeat?: NodeJS.Timeout } = {}
    const send = (): void => {
      delete timers.change
      void stream.writeSSE({ event: 'state', data: JSON.stringify(source.state()) })
    }
    const stopListening = source.onChange(() => {
      timers.change ??= setTimeout(send, COALESCE_MS)
    })
    timers.heartbeat = setInterval(send, HEARTBEAT_MS)
    send()
    let forget = (): void => undefined
    await new Promise<void>((resolve) => {
      stream.onAbort(resolve)
      forget = source.onStop(resolve)
    })
    forget()
    stopListening()
    clearTimeout(timers.change)
    clearInterval(timers.heartbeat)
  })
}
