import type { Logger } from '../../../observability/log/logger.ts'

/** The logger shape that Baileys asks for. */
export interface BaileysLogger {
  level: string
  child(bindings: Record<string, unknown>): BaileysLogger
  trace(record: unknown, message?: string): void
  debug(record: unknown, message?: string): void
  info(record: unknown, message?: string): void
  warn(record: unknown, message?: string): void
  error(record: unknown, message?: string): void
}

/** What may pass of the records that Baileys logs: they hold stanzas, keys and whole messages besides. */
const SHOWN_FIELDS = [
  'err',
  'error',
  'trace',
  'statusCode',
  'reason',
  'code',
  'tag',
  'type',
  'count',
  'attempt',
  'ms',
  'duration',
] as const

function shownFields(record: unknown): Record<string, unknown> {
  if (typeof record !== 'object' || record === null) return {}
  if (record instanceof Error) return { err: record }
  const shown: Record<string, unknown> = {}
  for (const name of SHOWN_FIELDS) {
    // Read by name from an object of unknown shape.
    const value = (record as Record<string, unknown>)[name]
    if (value instanceof Error) shown['err'] = value
    else if (typeof value === 'string' || typeof value === 'number') shown[name] = value
  }
  return shown
}

/**
 * A child of `logger` for Baileys, by default from `warn` on (its `info` prints the registration stanza). Of every record
 * only errors and a few plain fields pass; stanzas, keys, message ids and addresses do not.
 */
export function createBaileysLogger(
  logger: Logger,
  level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent' = 'warn',
): BaileysLogger {
  return wrap(logger.child({ part: 'baileys' }, { level }))
}

function wrap(logger: Logger): BaileysLogger {
  const at =
    (level: 'trace' | 'debug' | 'info' | 'warn' | 'error') =>
    (record: unknown, message?: string): void => {
      if (!logger.isLevelEnabled(level)) return
      logger[level](shownFields(record), message ?? (typeof record === 'string' ? record : ''))
    }
  return {
    get level() {
      return logger.level
    },
    set level(level: string) {
      logger.level = level
    },
    // Baileys' child bindings name a class at most; nothing is lost without them.
    child: () => wrap(logger),
    trace: at('trace'),
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
  }
}
