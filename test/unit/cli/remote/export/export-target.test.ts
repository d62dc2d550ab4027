import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fileTarget } from '../../../../../src/cli/remote/export/export-target.ts'

describe('the file of an export', () => {
  let directory = ''
  let path = ''
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'export-'))
    path = join(directory, 'all.jsonl')
  })
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  it('has its name once it is complete, and only its owner can read it', async () => {
    const target = fileTarget(path, { overwrite: false })
    await target.write('one\n')
    await target.write('zwei ü\n')
    expect(readdirSync(directory)).not.toContain('all.jsonl')
    target.finish()
    expect(readFileSync(path, 'utf8')).toBe('one\nzwei ü\n')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readdirSync(directory)).toEqual(['all.jsonl'])
  })

  it('stays as it is unless it may be overwritten, also where it appears meanwhile', async () => {
    const target = fileTarget(path, { overwrite: false })
    writeFileSync(path, 'theirs')
    expect(() => target.finish()).toThrow('all.jsonl exists; --force overwrites it')
    expect(() => fileTarget(path, { overwrite: false })).toThrow('--force overwrites it')
    expect(readFileSync(path, 'utf8')).toBe('theirs')
    const forced = fileTarget(path, { overwrite: true })
    await forced.write('ours')
    expect(readFileSync(path, 'utf8')).toBe('theirs')
    forced.finish()
    expect([readFileSync(path, 'utf8'), readdirSync(directory)]).toEqual(['ours', ['all.jsonl']])
  })

  it('leaves nothing behind where it is given up, nor of one that was killed', async () => {
    const killed = fileTarget(path, { overwrite: false })
    await killed.write('half')
    const target = fileTarget(path, { overwrite: false })
    await target.write('half')
    target.abandon()
    target.abandon()
    expect(readdirSync(directory)).toEqual([])
  })
})
