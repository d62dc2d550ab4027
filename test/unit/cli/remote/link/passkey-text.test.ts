import { expect, it } from 'vitest'
import { passkeyScript } from '../../../../../src/client/passkey/passkey-script.ts'
import { passkeyCode, passkeyPages, passkeyWait } from '../../../../../src/cli/remote/link/passkey-text.ts'

const options = {
  challenge: Buffer.alloc(32, 7).toString('base64url'),
  timeout: 600_000,
  rpId: 'whatsapp.com',
  allowCredentials: [],
  userVerification: 'required',
  extensions: { uvm: true },
}
const passkey = { account: 'default', ceremonyId: 'x', expiresAt: '2026-01-02T03:04:05.000Z', options }
const challenge = { ...passkey, step: 'challenge' } as const

const rows = (text: string): number =>
  text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 80)), 0)

it('fits into 80 columns and 24 rows, a page at a time, with room for the question', () => {
  const { why, how, fits } = passkeyPages(challenge, { columns: 80, rows: 24 })
  expect(fits).toBe(false)
  expect(rows(why)).toBeLessThanOrEqual(22)
  expect(rows(how)).toBeLessThanOrEqual(22)
  const script = passkeyScript(options)
  for (const page of [why, how, passkeyWait({ ...passkey, step: 'sent' })])
    for (const line of page.split('\n')) if (line !== script) expect(line.length, line).toBeLessThan(80)
  expect(how.split('\n')).toContain(script)
})

it('is one page where the terminal has room, or is none', () => {
  expect(passkeyPages(challenge, { columns: 200, rows: 60 }).fits).toBe(true)
  expect(passkeyPages(challenge, null).fits).toBe(true)
})

it('shows the code as the phone does', () => {
  expect(passkeyCode({ ...passkey, step: 'code', code: 'ZDETSM4S' })).toContain('ZDET-SM4S')
})
