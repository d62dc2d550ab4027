import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { redactText } from '../../../../src/observability/log/redact-text.ts'

/** E.164 without the plus: 7 to 15 digits, no leading zero. */
const phoneDigits = fc
  .tuple(
    fc.integer({ min: 1, max: 9 }),
    fc.string({ unit: fc.nat(9).map(String), minLength: 6, maxLength: 14 }),
  )
  .map(([first, rest]) => `${first}${rest}`)

const NOTATIONS: readonly ((digits: string) => string)[] = [
  (digits) => digits,
  (digits) => `+${digits}`,
  (digits) => `+${digits.slice(0, 1)} ${digits.slice(1, 4)} ${digits.slice(4)}`,
  (digits) => `+${digits.slice(0, 1)} (${digits.slice(1, 4)}) ${digits.slice(4, 6)}-${digits.slice(6)}`,
  (digits) => `${digits}@s.whatsapp.net`,
  (digits) => `${digits}:12@s.whatsapp.net`,
  (digits) => `${digits}_1:3@s.whatsapp.net`,
  (digits) => `${digits}@lid`,
  (digits) => `${digits}@c.us`,
  (digits) => `session-${digits}.0`,
  (digits) => `pn:+${digits}`,
]

const SURROUNDINGS: readonly ((number: string) => string)[] = [
  (number) => number,
  (number) => `a message from ${number}, who is new`,
  (number) => `{"from":"${number}"}`,
  (number) => `[${number}] (${number})`,
  (number) => `error:\n\t${number}\n`,
]

/** The longest piece of the number that is still to be read in one run of digits. */
function longestSurvivingRun(digits: string, text: string): number {
  for (let length = digits.length; length > 2; length--) {
    for (let start = 0; start + length <= digits.length; start++) {
      if (text.includes(digits.slice(start, start + length))) return length
    }
  }
  return 0
}

describe('redactText', () => {
  test('leaves no run of a phone number longer than its last two digits, in any notation', () => {
    fc.assert(
      fc.property(
        phoneDigits,
        fc.constantFrom(...NOTATIONS),
        fc.constantFrom(...SURROUNDINGS),
        (digits, notation, surrounding) => {
          const masked = redactText(surrounding(notation(digits)))
          // A device number such as ":12" is no part of the number.
          const withoutDevices = masked.replaceAll(/(?:[._:]\d{1,2})+(?=@)/g, '')
          expect(longestSurvivingRun(digits, withoutDevices)).toBe(0)
        },
      ),
      { numRuns: 2_000 },
    )
  })

  test('shows the same number as the same mask, and different numbers as different ones', () => {
    const mask = redactText('+15551230101')
    expect(mask).toMatch(/^\+•••01~[a-z]{4}$/)
    expect(redactText('hello +1 555 123 0101')).toBe(`hello ${mask}`)
    expect(redactText('15551230101@s.whatsapp.net')).toBe(`${mask.slice(1)}@s.whatsapp.net`)
    expect(redactText('+15551240101')).not.toBe(mask)
  })

  test.each([
    ['the link of the page', 'open http://127.0.0.1:8765/#code=abcDEF_123', 'abcDEF_123'],
    ['a bearer token', 'Authorization: Bearer abc.def-ghi', 'abc.def-ghi'],
    ['the token in a subprotocol', 'whatsappd.v1, bearer.abcdef', 'abcdef'],
    ['a QR', '2@Zm9vYmFyYmF6cXV4,AbCdEf==,GhIjKl==,MnOp==', 'Zm9vYmFyYmF6cXV4'],
    ['a QR as a link', 'https://wa.me/settings/linked_devices#2@Zm9v,AbCd', 'AbCd'],
    [
      '32 bytes in base64',
      `key ${Buffer.alloc(32, 251).toString('base64')}`,
      Buffer.alloc(32, 251).toString('base64').slice(0, 20),
    ],
    ['32 bytes in hex', `key ${Buffer.alloc(32, 171).toString('hex')}`, 'abababab'],
    [
      'a local token',
      `token ${Buffer.from('0123456789abcdefghijklmnopqrstuv').toString('base64url')}`,
      'MDEyMzQ1Njc4',
    ],
  ])('hides %s', (_what, text, secret) => {
    expect(redactText(text)).not.toContain(secret)
  })

  test.each([
    'listening on 127.0.0.1:8765 after 12.5 ms',
    '2026-11-21T05:05:44.932Z reconnecting, attempt 3',
    '/tmp/whatsappd-demo-AbC123/state/accounts/default/account.db',
    'stream error 515, restarting',
    'message 3EB0A1B2C3D4E5F6 acknowledged',
  ])('leaves "%s" as it is', (text) => {
    expect(redactText(text)).toBe(text)
  })

  test('an id of a Business message, which holds a number, is another word, the same each time', () => {
    const id = `wamid.${Buffer.from('\u001c\u000b15550000002\u0015\u0002random').toString('base64')}`
    const [first, second] = [redactText(`status of ${id}: sent`), redactText(`status of ${id}: sent`)]
    expect(first).toMatch(/^status of wamid~[a-z]{14}: sent$/)
    expect(first).toBe(second)
    expect(redactText(`${id}A`)).not.toContain(first.slice(10, 30))
  })

  test('cuts what is too long for a log', () => {
    expect(redactText('ab '.repeat(10_000)).length).toBeLessThan(4_100)
  })
})
