import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ensureLocalToken, readLocalToken } from '../../../../src/control/auth/local-token.ts'

describe('local token', () => {
  let directory: string
  let path: string

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'whatsappd-token-'))
    path = join(directory, 'token')
  })
  afterEach(() => rmSync(directory, { recursive: true }))

  it('is made at the first start, 256 bits, 0600, and stays', () => {
    const token = ensureLocalToken(directory)
    expect(Buffer.from(token, 'base64url')).toHaveLength(32)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(ensureLocalToken(directory)).toBe(token)
    expect(readLocalToken(directory)).toBe(token)
  })

  it('differs between sandboxes', () => {
    const other = mkdtempSync(join(tmpdir(), 'whatsappd-token-'))
    expect(ensureLocalToken(other)).not.toBe(ensureLocalToken(directory))
    rmSync(other, { recursive: true })
  })

  it.each([0o644, 0o640, 0o604, 0o660])('is refused with mode %o, naming the file and the cure', (mode) => {
    const token = ensureLocalToken(directory)
    chmodSync(path, mode)
    expect(() => ensureLocalToken(directory)).toThrow(
      expect.objectContaining({
        code: 'storage_error',
        message: expect.stringContaining(path),
        action: expect.stringContaining('chmod 600'),
      }),
    )
    expect(readFileSync(path, 'utf8').trim()).toBe(token)
  })

  it.each(['', 'short\n', `${'x'.repeat(43)} y`])('is refused when the file holds %j', (content) => {
    writeFileSync(path, content, { mode: 0o600 })
    expect(() => ensureLocalToken(directory)).toThrow(expect.objectContaining({ code: 'storage_error' }))
  })

  it('is refused behind a symbolic link', () => {
    writeFileSync(join(directory, 'elsewhere'), 'x'.repeat(43), { mode: 0o600 })
    symlinkSync(join(directory, 'elsewhere'), path)
    expect(() => ensureLocalToken(directory)).toThrow(/not a regular file/)
  })

  it('tells the command line when there is none, and makes none for it', () => {
    expect(() => readLocalToken(directory)).toThrow(expect.objectContaining({ code: 'storage_error' }))
    expect(() => statSync(path)).toThrow(/ENOENT/)
  })
})
