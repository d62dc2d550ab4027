import type { Logger } from './log/logger.ts'
import { withDeadline } from '../timing/deadline.ts'

/** This many unhandled rejections within the window mean that the process cannot recover. */
export const REJECTION_STORM_LIMIT = 25
export const REJECTION_STORM_WINDOW_MS = 60_000
/** The longest time for an orderly stop; the process ends after it in any case. */
export const STOP_DEADLINE_MS = 8_000

export interface UnhandledPolicyOptions {
  logger: Logger
  /** Called for each unhandled rejection: Baileys has some of its own, and its socket is replaced then. */
  onRejection?: ((error: unknown) => void) | undefined
  /** Stops the daemon in order: data is made durable, sockets are closed. */
  stop: () => Promise<void>
  exit: (code: number) => void
  /** Milliseconds since the epoch. */
  now?: (() => number) | undefined
  /** The process, or something that emits its events. */
  source?: Pick<NodeJS.EventEmitter, 'on' | 'off'> | undefined
}

/**
 * One policy for unhandled errors. A rejection is logged and passed to `onRejection`; too many of them, and every
 * uncaught exception, stop the daemon in order and end the process with code 1. Returns a function that uninstalls it.
 */
export function installUnhandledPolicy(options: UnhandledPolicyOptions): () => void {
  const { source = process, now = Date.now } = options
  const report = (level: 'error' | 'fatal', record: () => object, message: string): void => {
    try {
      options.logger[level](record(), message)
    } catch {
      // An error that is thrown here would come back here.
    }
  }
  const recent: number[] = []
  let ending = false

  const end = (): void => {
    if (ending) return
    ending = true
    const exit = (): void => options.exit(1)
    withDeadline(options.stop(), STOP_DEADLINE_MS, () => undefined).then(exit, exit)
  }
  const onRejection = (error: unknown): void => {
    report('error', () => ({ err: asError(error) }), 'a promise was rejected without a handler')
    const at = now()
    recent.push(at)
    while (recent[0] !== undefined && recent[0] <= at - REJECTION_STORM_WINDOW_MS) recent.shift()
    if (recent.length >= REJECTION_STORM_LIMIT) {
      report('fatal', () => ({ count: recent.length }), 'too many unhandled rejections: stopping')
      end()
      return
    }
    options.onRejection?.(error)
  }
  const onException = (error: unknown): void => {
    report('fatal', () => ({ err: asError(error) }), 'an exception was not caught: stopping')
    end()
  }
  source.on('unhandledRejection', onRejection)
  source.on('uncaughtException', onException)
  return () => {
    source.off('unhandledRejection', onRejection)
    source.off('uncaughtException', onException)
  }
}

const asError = (value: unknown): Error => (value instanceof Error ? value : new Error(String(value)))
