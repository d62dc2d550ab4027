import { cpSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { directoryId } from '../../../../src/storage/files/directory-id.ts'

describe('the id of a directory', () => {
  let parent = ''
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'directory-id-'))
  })
  afterEach(() => rmSync(parent, { recursive: true, force: true }))

  it('is made once, for the owner alone, and goes with every copy', () => {
    const id = directoryId(parent)
    expect(directoryId(parent)).toBe(id)
    expect(readdirSync(parent)).toEqual(['id'])
    expect(statSync(join(parent, 'id')).mode & 0o777).toBe(0o600)
    const copy = join(parent, 'copy')
    cpSync(join(parent, 'id'), join(copy, 'id'))
    expect(directoryId(copy)).toBe(id)
  })

  it('is never made anew over a damaged one: two hosts would hold the same account', () => {
    writeFileSync(join(parent, 'id'), '')
    expect(() => directoryId(parent)).toThrow(expect.objectContaining({ reason: 'storage_unreadable' }))
  })
})
