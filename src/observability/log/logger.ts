import { pino } from 'pino'
import type { Logger } from 'pino'
import { type LogLosses, LogOutput } from './log-output.ts'
import { prettyLine } from './pretty-line.ts'
import { redactText } from './redact-text.ts'
import { type Conceal, redactRecord, redactValue } from './redact-value.ts'
import { concealVariables } from '../conceal-variables.ts'

export type { Logger } from 'pino'
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'
export type LogFormat = 'json' | 'pretty'

export interface LoggerOptions {
  level: LogLevel
  /** Without it, a terminal gets readable lines and every other output gets JSON lines. */
  format?: LogFormat | undefined
  /** Receives complete lines. Without it they go to standard error, best effort: see `logLosses`. */
  destination?: { write(line: string): void } | undefined
}

const STANDARD_ERROR = 2
const MAX_LINE_LENGTH = 32_000
const MAX_MESSAGE_LENGTH = 4_000

interface LoggerState {
  format: LogFormat
  automatic: LogFormat
  silent: boolean
  output: { write(line: string): void; losses?: LogLosses | null }
  conceal: Conceal
}

const states = new WeakMap<Logger, LoggerState>()

/**
 * A logger that redacts every line at every level, in child loggers too: no phone number, WhatsApp address, QR, code,
 * token, key or message text is written, for any arguments.
 */
export function createLogger(options: LoggerOptions): Logger {
  const terminal = options.destination === undefined && process.stderr.isTTY
  const output = options.destination ?? new LogOutput(STANDARD_ERROR)
  const automatic: LogFormat = options.format ?? (terminal ? 'pretty' : 'json')
  const state: LoggerState = {
    format: automatic,
    automatic,
    silent: options.level === 'silent',
    output,
    conceal: (text) => text,
  }
  const stream = {
    write: (line: string): void => {
      const bounded = boundedLine(line)
      output.write(state.format === 'pretty' ? prettyLine(bounded, terminal) : bounded)
    },
  }
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      // Errors are turned into records by `redactRecord`; pino's own serializer would show their every field.
      serializers: { err: (value: unknown) => value },
      formatters: {
        level: (label) => ({ level: label }),
      },
      hooks: {
        logMethod(arguments_, method) {
          // The same arguments, redacted: the tuple's shape is kept.
          method.apply(this, redactArguments(arguments_, state.conceal) as Parameters<typeof method>)
        },
        // A second check of the complete line, for values that reach it in another way.
        streamWrite: (line) => redactPlainNumbers(line),
      },
    },
    stream,
  )
  redactBindings(logger, (text) => state.conceal(text))
  states.set(logger, state)
  return logger
}

/**
 * Applies the settings of the config file; without a format the logger's own one stays. A silent logger stays silent.
 * Child loggers that exist already keep their level. Of `variables`, by name, no line has the value.
 */
export function configureLogger(
  logger: Logger,
  settings: { level: LogLevel; format: LogFormat | null },
  variables: Readonly<Record<string, string>> = {},
): void {
  const state = states.get(logger)
  if (state !== undefined) state.conceal = (text) => concealVariables(text, variables)
  if (state?.silent === true) return
  logger.level = settings.level
  if (state !== undefined) state.format = settings.format ?? state.automatic
}

/** What a logger (not a child) could not write to standard error; `null` where all was written. */
export function logLosses(logger: Logger): LogLosses | null {
  return states.get(logger)?.output.losses ?? null
}

/**
 * Bindings are serialised when a child is created and never pass the hook above. Children inherit these two methods by
 * prototype, so one replacement covers all of them.
 */
function redactBindings(logger: Logger, conceal: Conceal): void {
  const child = Reflect.get<Logger, 'child'>(logger, 'child')
  const setBindings = Reflect.get<Logger, 'setBindings'>(logger, 'setBindings')
  Object.assign(logger, {
    child(this: Logger, bindings: object, options?: object) {
      return child.call(this, redactRecord(bindings, conceal), options)
    },
    setBindings(this: Logger, bindings: object) {
      setBindings.call(this, redactRecord(bindings, conceal))
    },
  })
}

function redactArguments(values: readonly unknown[], conceal: Conceal): unknown[] {
  const redacted = values.map((value) => {
    if (typeof value === 'string') return redactText(conceal(value))
    if (typeof value === 'number' || typeof value === 'bigint') return redactValue(value)
    return typeof value === 'object' && value !== null ? redactRecord(value, conceal) : value
  })
  const [first] = values
  if (first instanceof Error && values.length === 1) redacted.push(redactText(conceal(first.message)))
  return redacted
}

/** The line; of a line that is too long (bindings add up), its level, time and message alone. */
function boundedLine(line: string): string {
  if (line.length <= MAX_LINE_LENGTH) return line
  // Our own logger wrote the line: always an object.
  const { level, time, msg } = JSON.parse(line) as Record<string, unknown>
  return `${JSON.stringify({ level, time, isCut: true, msg: typeof msg === 'string' ? msg.slice(0, MAX_MESSAGE_LENGTH) : undefined })}\n`
}

function redactPlainNumbers(line: string): string {
  return line
    .replaceAll(/\+\d{7,17}/g, '+[redacted]')
    .replaceAll(/\d{5,}(?=(?:[._:]\d+)*@(?:s\.whatsapp\.net|lid))/g, '[redacted]')
}
