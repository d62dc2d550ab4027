import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CONNECTORS } from '../../../src/agents/registry.ts'

describe('the contract of connectors', () => {
  it.each(Object.keys(CONNECTORS))('is run by %s', (name) => {
    const text = readFileSync(join(import.meta.dirname, `${name}.test.ts`), 'utf8')
    expect(text).toContain(`describeConnector('${name}'`)
  })
})
