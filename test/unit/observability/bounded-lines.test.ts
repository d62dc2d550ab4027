import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createLogger, type LogFormat, type Logger } from '../../../src/observability/log/logger.ts'
import { isPrintable } from '../../../src/protocol/text/printable.ts'

/*
 * Each text was cut, but a record could hold any number of them, and what a terminal obeys went through: a line of the log
 * is bounded as a whole, and shows what it says.
 */

const MAX_LINE_BYTES = 64 * 1_024

function capture(format: LogFormat): { logger: Logger; output: () => string } {
  const lines: string[] = []
  const destination = { write: (line: string) => void lines.push(line) }
  return { logger: createLogger({ level: 'trace', format, destination }), output: () => lines.join('') }
}

const LONG = 'ab\u001B[31m\u202E"\\é'.repeat(100_000)
const nested = (depth: number): unknown =>
  depth === 0 ? LONG : Array.from({ length: 50 }, () => ({ [LONG]: nested(depth - 1), other: LONG }))

const RECORDS: readonly [what: string, log: (logger: Logger) => void][] = [
  ['a message', (logger) => logger.info(LONG)],
  ['a message with arguments', (logger) => logger.info('%s %s %s %s', LONG, LONG, LONG, LONG)],
  ['a field', (logger) => logger.info({ field: LONG }, 'x')],
  ['the name of a field', (logger) => logger.info({ [LONG]: 1 }, 'x')],
  ['many fields', (logger) => logger.info(Object.fromEntries(many((key) => [key, LONG])), LONG)],
  ['lists in lists', (logger) => logger.info({ nested: nested(3) }, LONG)],
  ['an error', (logger) => logger.error(new Error(LONG))],
  ['causes of causes', (logger) => logger.error({ err: caused(20) }, LONG)],
  [
    'the name and code of an error',
    (logger) => logger.error({ err: Object.assign(new Error('x'), { name: LONG, code: LONG }) }),
  ],
  [
    'an error of many',
    (logger) =>
      logger.error({
        err: new AggregateError(
          many(() => new Error(LONG)),
          LONG,
        ),
      }),
  ],
  [
    'bindings',
    (logger) =>
      logger
        .child({ field: LONG, nested: nested(2) })
        .child({ more: nested(2) })
        .info(LONG),
  ],
]

function many<T>(make: (key: string) => T): T[] {
  return Array.from({ length: 200 }, (_, index) => make(`key${index}`))
}

function caused(depth: number): Error {
  return new Error(LONG, depth === 0 ? {} : { cause: caused(depth - 1) })
}

describe.each(RECORDS)('%s of any length', (_what, log) => {
  test.each(['json', 'pretty'] as const)('is a bounded, printable line as %s', (format) => {
    const { logger, output } = capture(format)
    log(logger)
    expect(Buffer.byteLength(output())).toBeLessThan(MAX_LINE_BYTES)
    expect(isPrintable(output().replaceAll('\n', ''))).toBe(true)
    if (format === 'json') expect(JSON.parse(output())).toHaveProperty('level')
  })
})

test('any record is a line of its own, in both forms', () => {
  const text = fc.string({ unit: 'binary' })
  fc.assert(
    fc.property(text, fc.dictionary(text, fc.jsonValue()), (message, record) => {
      for (const format of ['json', 'pretty'] as const) {
        const { logger, output } = capture(format)
        logger.warn({ ...record }, message)
        expect(output().trimEnd().split('\n')).toHaveLength(1)
        expect(isPrintable(output().trimEnd())).toBe(true)
      }
    }),
  )
})

test('what an error says cannot pass for a line of the log', () => {
  const { logger, output } = capture('pretty')
  const error = new Error('first\n12:00:00 INFO  a line that was never logged')
  logger.warn({ err: error }, 'failed\n12:00:00 INFO  nor this')
  const [first, ...rest] = output().trimEnd().split('\n')
  expect(first).toContain('failed')
  for (const line of rest) expect(line).toMatch(/^ {4}/)
})

test('a number with invisible marks in it is still a number', () => {
  const { logger, output } = capture('json')
  logger.info({ from: '+1555\u200B000\u202E0002' }, 'of 1555\u2060000\u00010002')
  expect(output()).not.toContain('0000002'.slice(0, 5))
})
