import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eraseDirectory } from '../../../../src/accounts/life/erase-directory.ts'
import { ExclusiveLock, LockHeldError } from '../../../../src/storage/files/exclusive-lock.ts'

describe('erasing the directory of an account', () => {
  let directory: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'whatsappd-erase-'))
    writeFileSync(join(directory, 'account.db'), '')
  })
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  it.each([true, false])('leaves nothing (ours: %s), also where nothing is', (isOurs) => {
    eraseDirectory(directory, isOurs)
    expect(existsSync(directory)).toBe(false)
    eraseDirectory(directory, isOurs)
  })

  it('keeps the mark of an import beside the files of the other program, and only there', () => {
    const [theirs, mark] = ['creds.json', 'account.db.imported'].map((name) => join(directory, name))
    for (const path of [theirs, mark]) writeFileSync(path ?? '', '')
    eraseDirectory(directory, false)
    expect(readdirSync(directory).toSorted()).toEqual(['account.db.imported', 'creds.json'])
    rmSync(theirs ?? '')
    eraseDirectory(directory, false)
    expect(existsSync(directory)).toBe(false)
  })

  it('takes nothing away from the process that uses it', () => {
    const lock = new ExclusiveLock(directory)
    lock.acquire()
    expect(() => eraseDirectory(directory, true)).toThrow(LockHeldError)
    expect(existsSync(join(directory, 'account.db'))).toBe(true)
    lock.release()
    eraseDirectory(directory, true)
    expect(existsSync(directory)).toBe(false)
  })
})
