import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createBaileysLogger } from '../../../../src/transports/linked-device/socket/baileys-logger.ts'
import {
  configureLogger,
  createLogger,
  type LogFormat,
  type Logger,
} from '../../../../src/observability/log/logger.ts'

function capture(format: LogFormat = 'json'): {
  logger: Logger
  output: () => string
  last: () => Record<string, unknown>
} {
  const lines: string[] = []
  const logger = createLogger({
    level: 'trace',
    format,
    destination: { write: (line) => void lines.push(line) },
  })
  return {
    logger,
    output: () => lines.join(''),
    last: () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown>,
  }
}

const SECRET = 'hush-hush'

describe('createLogger', () => {
  test('lets no phone number through, wherever it hides', () => {
    const digits = fc.integer({ min: 1_000_000_000, max: 999_999_999_999 })
    fc.assert(
      fc.property(
        digits,
        fc.string({ minLength: 1, maxLength: 8 }),
        fc.constantFrom<LogFormat>('json', 'pretty'),
        (number, key, format) => {
          fc.pre(
            !/\d/.test(key) &&
              !/(at|ms|time|timestamp|bytes|size|count|length|total|memory|rss|seconds|level|line|column|eventid)$/i.test(
                key,
              ),
          )
          const { logger, output } = capture(format)
          const e164 = `+${number}`
          logger.info(e164)
          logger.info('%s and %d and %j', e164, number, { [key]: e164 })
          logger.info({ [key]: e164, deep: [{ [key]: { [e164]: `${number}@lid` } }], [key + key]: number })
          logger.error(new Error(`no session for ${number}:2@s.whatsapp.net`, { cause: new Error(e164) }))
          logger.error({ err: Object.assign(new Error('x'), { data: e164 }) }, 'failed')
          logger.child({ [key]: String(number) }).warn({ list: [number, e164] }, 'child')
          expect(output().replaceAll(/"time":"[^"]*"/g, '')).not.toContain(String(number).slice(0, 7))
        },
      ),
      { numRuns: 200 },
    )
  })

  test.each([
    'token',
    'accessToken',
    'appSecret',
    'qr',
    'pairingCode',
    'linkCode',
    'privKey',
    'creds',
    'advSecretKey',
    'noiseKey',
    'rootKey',
    'authorization',
    'cookie',
    'password',
    'apiKey',
    'session',
    'text',
    'body',
    'conversation',
    'caption',
  ])('redacts the key %s at any depth', (key) => {
    const { logger, output } = capture()
    logger.info({ [key]: SECRET, a: { b: [{ [key]: { c: SECRET } }] } }, 'x')
    logger.child({ [key]: SECRET }).trace('y')
    expect(output()).not.toContain(SECRET)
    expect(output()).toContain('[redacted]')
  })

  test('shows codes of errors and reasons, but no code that links or opens', () => {
    const { logger, last } = capture()
    const codes = ['device_removed', 'EADDRINUSE', 'ERR_SOCKET_CLOSED', 'ABCD1234', 'k3v-Nq_8ZzYx01', 515]
    logger.info({ reasons: codes.map((code) => ({ code })) })
    expect(last()['reasons']).toEqual(
      ['device_removed', 'EADDRINUSE', 'ERR_SOCKET_CLOSED', '[redacted]', '[redacted]', 515].map((code) => ({
        code,
      })),
    )
  })

  test('shows bytes as their length, instances as their class, errors with their cause', () => {
    class Session {
      privKey = SECRET
    }
    const { logger, last, output } = capture()
    logger.warn(
      {
        payload: Buffer.from(SECRET),
        held: new Session(),
        err: new Error('outer', { cause: new Error('inner') }),
      },
      'x',
    )
    expect(output()).not.toContain(SECRET)
    expect(last()).toMatchObject({
      payload: `[${SECRET.length} bytes]`,
      held: '[Session]',
      err: { type: 'Error', message: 'outer', cause: { message: 'inner' } },
    })
  })

  test('bounds what one line can hold', () => {
    const { logger, output } = capture()
    const circular: Record<string, unknown> = { name: 'x' }
    circular['self'] = circular
    logger.info({
      circular,
      list: Array.from({ length: 100_000 }, () => 'item'),
      long: 'ab '.repeat(1_000_000),
    })
    expect(output().length).toBeLessThan(10_000)
    expect(output()).toContain('[circular]')
  })

  test('leaves the figures that operators need', () => {
    const { logger, last } = capture()
    logger.info({
      port: 8765,
      elapsedMs: 12_345_678,
      rssBytes: 123_456_789,
      attempt: 3,
      account: 'default',
      ready: false,
    })
    expect(last()).toMatchObject({
      port: 8765,
      elapsedMs: 12_345_678,
      rssBytes: 123_456_789,
      attempt: 3,
      account: 'default',
      ready: false,
    })
  })

  test('writes one readable line when asked to, and follows the config', () => {
    const { logger, output } = capture()
    configureLogger(logger, { level: 'warn', format: 'pretty' })
    logger.info('not shown')
    logger.warn({ account: 'default', state: 'reconnecting' }, 'the link dropped')
    expect(output()).toMatch(/^\d\d:\d\d:\d\d WARN {2}the link dropped account=default state=reconnecting\n$/)
  })
})

describe('configureLogger', () => {
  test('leaves a silent logger silent, and the form alone where the config says nothing', () => {
    const lines: string[] = []
    const destination = { write: (line: string) => void lines.push(line) }
    const silent = createLogger({ level: 'silent', format: 'json', destination })
    configureLogger(silent, { level: 'trace', format: null })
    silent.error('not shown')
    const readable = createLogger({ level: 'info', format: 'pretty', destination })
    configureLogger(readable, { level: 'debug', format: null })
    readable.debug('shown')
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('DEBUG shown')
  })
})

describe('createBaileysLogger', () => {
  test('drops stanzas and keys, keeps the error, is quiet below warn', () => {
    const { logger, output, last } = capture()
    const baileys = createBaileysLogger(logger).child({ class: 'socket' })
    baileys.info({ node: { tag: 'iq', content: SECRET } }, 'registering')
    expect(output()).toBe('')
    baileys.warn(
      { node: { content: SECRET }, key: { remoteJid: SECRET }, msgs: [SECRET], err: new Error('timed out') },
      'error in handling message',
    )
    expect(output()).not.toContain(SECRET)
    expect(last()).toMatchObject({
      part: 'baileys',
      level: 'warn',
      msg: 'error in handling message',
      err: { message: 'timed out' },
    })
  })
})
