import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { REASONS } from '../../../src/protocol/reasons.ts'
import { ADVICE_PROOFS } from './advice-proofs.ts'

const TESTS = join(import.meta.dirname, '../..')

describe.each(Object.entries(ADVICE_PROOFS))('the advice of %s', (code, { file, test }) => {
  const source = readFileSync(join(TESTS, file), 'utf8')

  it('is carried out by a test', () => {
    const quoted = ["'", '"', '`'].some((quote) => source.includes(`${quote}${test}${quote}`))
    expect(quoted, `${file} has no test "${test}"`).toBe(true)
  })

  it('is carried out where the reason was seen', () => {
    const [row] = Object.entries(REASONS).filter(([name]) => name === code)
    // A process of its own prints the sentence.
    const beginning = row?.[1].message.split(' ').slice(0, 3).join(' ') ?? code
    expect(source).toMatch(new RegExp(`\\b${code}\\b|${beginning}`))
  })
})
