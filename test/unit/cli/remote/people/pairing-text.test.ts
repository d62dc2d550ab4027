import { expect, it } from 'vitest'
import { pairingText } from '../../../../../src/cli/remote/people/pairing-text.ts'

const request = (name: string) => ({
  code: 'ABCD-EFGH',
  phoneNumber: '+15555550101',
  id: null,
  name,
  at: '2026-01-01T00:00:00.000Z',
  expiresAt: '2026-01-01T01:00:00.000Z',
  source: 'person' as const,
  reason: null,
})

it('cuts a name by the columns that it takes, so that the line stays a line', () => {
  const [chinese, latin] = pairingText([request('愛'.repeat(40)), request('a'.repeat(40))]).split('\n')
  expect(chinese).toContain(`"${'愛'.repeat(11)}…"`)
  expect(latin).toContain(`"${'a'.repeat(23)}…"`)
})

it('says of a request of a program what it says, as one line, and that nobody has checked it', () => {
  const reason = `\u001b[31mShe asked
for it`
  const asked = { ...request(''), name: null, source: 'program' as const, reason }
  const text = pairingText([asked])
  expect(text).toContain(String.raw`asked for by an assistant or a program, who says: "\u001b[31mShe asked`)
  expect(text).not.toContain('\u001b')
  expect(text).toContain('approve only numbers that you know')
  expect(text).not.toContain('Ask the person for the code')
})
