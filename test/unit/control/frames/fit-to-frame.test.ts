import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { fitToFrame } from '../../../../src/control/frames/fit-to-frame.ts'
import { METHODS } from '../../../../src/protocol/methods.ts'
import { errorObjectSchema } from '../../../../src/protocol/frames.ts'

const MAX_BYTES = 64 * 1_024

const text = fc.oneof(
  { weight: 8, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('x', '\u0000', '😀', '"', 'é'), fc.integer({ min: 1_000, max: 40_000 }))
      .map(([character, length]) => character.repeat(length)),
  },
)
const schema = z.object({
  at: z.iso.datetime(),
  name: z.string(),
  list: z.array(z.string()),
  accounts: z.array(z.object({ id: z.string(), allowFrom: z.array(z.string()).nullable() })),
  map: z.record(z.string(), z.object({ a: z.string(), b: z.array(z.number()) })),
  facts: z.record(z.string(), z.unknown()),
})
const value = fc.record({
  at: fc.constant('2026-01-02T03:04:05.000Z'),
  name: text,
  list: fc.array(text, { maxLength: 400, size: 'max' }),
  accounts: fc.array(
    fc.record({ id: text, allowFrom: fc.option(fc.array(text, { maxLength: 200, size: 'max' })) }),
    { maxLength: 20 },
  ),
  map: fc.dictionary(text, fc.record({ a: text, b: fc.array(fc.integer(), { maxLength: 50 }) }), {
    maxKeys: 200,
    size: 'max',
  }),
  facts: fc.dictionary(fc.string(), fc.jsonValue()),
})

describe('fitToFrame', () => {
  test('any value of a schema fits, is still of that schema, and says what it lost', () => {
    fc.assert(
      fc.property(value, (whole) => {
        const size = Buffer.byteLength(JSON.stringify(whole))
        const fitted = fitToFrame(whole, schema, MAX_BYTES)
        if (size <= MAX_BYTES) {
          expect(fitted).toEqual({ value: whole, truncated: null })
          return
        }
        const answer = { ...schema.parse(fitted.value), truncated: fitted.truncated }
        expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThanOrEqual(MAX_BYTES)
        expect(fitted.truncated).not.toBeNull()
        for (const { path, total, kept } of fitted.truncated ?? []) {
          expect(path.length).toBeLessThan(100)
          expect(kept).toBeLessThan(total)
        }
      }),
      // To look for a smaller value that fails would take many minutes.
      { numRuns: 20, endOnFailure: true },
    )
  })

  test('counts what is left: the first entries stay, and their number is told', () => {
    const list = Array.from({ length: 50_000 }, (_, index) => `entry ${index}`)
    const whole = { ...empty(), list }
    const { value: fitted, truncated } = fitToFrame(whole, schema, MAX_BYTES)
    const kept = schema.parse(fitted).list
    expect(kept).toEqual(list.slice(0, kept.length))
    expect(kept.length).toBeGreaterThan(1_000)
    expect(truncated).toEqual([{ path: 'list', total: 50_000, kept: kept.length }])
    expect(whole.list).toHaveLength(50_000)
  })

  test('counts bytes, not characters', () => {
    const list = Array.from({ length: 100 }, () => 'é'.repeat(400))
    const { value: fitted, truncated } = fitToFrame({ ...empty(), list }, schema, MAX_BYTES)
    expect(Buffer.byteLength(JSON.stringify(fitted))).toBeLessThanOrEqual(MAX_BYTES)
    expect(truncated).toMatchObject([{ path: 'list', total: 100 }])
  })

  test('names 40 shortened lists at most, whatever there are', () => {
    const b = Array.from({ length: 1_000 }, () => 123_456)
    const map = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`id${index}`, { a: '', b }]))
    const { value: fitted, truncated } = fitToFrame({ ...empty(), map }, schema, MAX_BYTES)
    expect(Object.keys(schema.parse(fitted).map)).toHaveLength(60)
    expect(truncated).toHaveLength(40)
  })

  test('what says who may talk goes last', () => {
    const numbers = Array.from({ length: 2_000 }, (_, index) => `+1555${1_000_000 + index}`)
    const accounts = [{ id: 'a', allowFrom: numbers }]
    const whole = { ...empty(), accounts, list: Array.from({ length: 500 }, () => 'x'.repeat(900)) }
    const fitted = schema.parse(fitToFrame(whole, schema, MAX_BYTES).value)
    expect(fitted.accounts).toEqual(accounts)
    expect(fitted.list.length).toBeLessThan(500)
  })

  test('an account is not left out while its lists can be shorter', () => {
    const allowFrom = Array.from({ length: 3_000 }, (_, index) => `+1555${1_000_000 + index}`)
    const accounts = Array.from({ length: 10 }, (_, index) => ({ id: `${index}`, allowFrom }))
    const { value: fitted, truncated } = fitToFrame({ ...empty(), accounts }, schema, MAX_BYTES)
    expect(schema.parse(fitted).accounts).toHaveLength(10)
    expect(truncated?.map(({ path }) => path)).toEqual(['accounts[].allowFrom'])
  })

  test.each(Object.entries(METHODS))('what is cut of a result of %s stays a result', (_name, { result }) => {
    const { value: fitted } = fitToFrame(hugeOf(result), result, MAX_BYTES)
    expect(result.safeParse(fitted).error).toBeUndefined()
    expect(Buffer.byteLength(JSON.stringify(fitted))).toBeLessThanOrEqual(MAX_BYTES)
  })

  test('a list that is not whole any more is not called complete', () => {
    const config = z.object({ allowFrom: z.array(z.string()), allowFromComplete: z.boolean() })
    const allowFrom = Array.from({ length: 20_000 }, (_, index) => `+1555${1_000_000 + index}`)
    const { value: fitted } = fitToFrame({ allowFrom, allowFromComplete: true }, config, MAX_BYTES)
    expect(config.parse(fitted).allowFromComplete).toBe(false)
  })

  test('an error keeps its code, whatever its details are', () => {
    const error = {
      code: -32020,
      message: 'm'.repeat(500_000),
      data: {
        code: 'config_conflict',
        retryable: true,
        details: { revision: 'r1', allowFrom: Array.from({ length: 50_000 }, () => '+15550000000') },
      },
    }
    const { value: fitted, truncated } = fitToFrame(error, errorObjectSchema, MAX_BYTES)
    const { data } = errorObjectSchema.parse(fitted)
    expect(data).toMatchObject({ code: 'config_conflict', details: { revision: 'r1' } })
    expect(truncated?.map(({ path }) => path)).toEqual(['message', 'data.details.allowFrom'])
  })
})

function empty(): z.infer<typeof schema> {
  return { at: '2026-01-02T03:04:05.000Z', name: '', list: [], accounts: [], map: {}, facts: {} }
}

const [ENTRIES, INNER_ENTRIES] = [300, 20]

/** A value of this schema with long lists and, where any text will do, long texts. Lists in lists are shorter. */
function hugeOf(type: z.ZodType, entries = ENTRIES): unknown {
  if (type instanceof z.ZodOptional) return undefined
  if (type instanceof z.ZodNullable || type instanceof z.ZodDefault)
    return hugeOf(type.unwrap() as z.ZodType, entries)
  if (type instanceof z.ZodObject) {
    return Object.fromEntries(
      Object.entries(type.shape).map(([key, inner]) => [key, hugeOf(inner as z.ZodType, entries)]),
    )
  }
  if (type instanceof z.ZodArray) {
    const entry = hugeOf(type.element as z.ZodType, INNER_ENTRIES)
    return Array.from({ length: entries }, () => entry)
  }
  if (type instanceof z.ZodRecord) {
    const entry = hugeOf(type.valueType as z.ZodType, INNER_ENTRIES)
    return Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`id${index}`, entry]))
  }
  const candidates = [
    'x'.repeat(2_000),
    '2026-01-02T03:04:05.000Z',
    '+15550000002',
    'ABCD1234',
    '2026-01',
    '7',
    'id',
    1,
    true,
  ]
  if (type instanceof z.ZodEnum) return type.options[0]
  if (type instanceof z.ZodLiteral) return type.value
  if (type instanceof z.ZodDiscriminatedUnion) return hugeOf(type.options[0] as z.ZodType, entries)
  return candidates.find((candidate) => type.safeParse(candidate).success) ?? null
}
