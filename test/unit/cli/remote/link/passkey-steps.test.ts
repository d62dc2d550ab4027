import { beforeEach, expect, it } from 'vitest'
import { PasskeySteps } from '../../../../../src/cli/remote/link/passkey-steps.ts'
import { RequestError } from '../../../../../src/client/request-error.ts'
import type { AccountPasskey } from '../../../../../src/protocol/account/account.ts'

const CEREMONY = { account: 'default', ceremonyId: 'one', expiresAt: '2026-11-30T12:00:00.000Z' }
const CHALLENGE: AccountPasskey = {
  ...CEREMONY,
  step: 'challenge',
  options: { challenge: 'AAAA', rpId: 'whatsapp.com' },
}
const CODE: AccountPasskey = { ...CEREMONY, step: 'code', code: 'ABCDEFGH' }
const ANSWER = JSON.stringify({
  id: 'AAAA',
  rawId: 'AAAA',
  type: 'public-key',
  response: { clientDataJSON: 'AAAA', authenticatorData: 'AAAA', signature: 'AAAA', userHandle: null },
})
const WAYS = { qr: 'whatsappd link', code: 'whatsappd link --code', page: 'whatsappd open' }

let printed: string
/** What the person types, in order; `null` is Ctrl-D. */
let typed: (string | null)[]
/** What the daemon answers, in order; `null` is a success. */
let failures: (RequestError | null)[]
let requests: string[]
let steps: PasskeySteps

beforeEach(() => {
  printed = ''
  requests = []
  steps = new PasskeySteps({
    context: {
      askText: async () => typed.shift() ?? null,
      terminalSize: () => ({ columns: 200, rows: 60 }),
    },
    client: {
      request: async (method) => {
        requests.push(method)
        const failure = failures.shift()
        if (failure) throw failure
        return {} as never
      },
    },
    ways: WAYS,
    print: async (text) => {
      printed += `${text}\n`
    },
  })
})

const busy = (): RequestError => new RequestError('rate_limited', 'Too many requests.', { retryable: true })

it.each([
  ['the answer', CHALLENGE, ANSWER, 'accounts.passkey.answer'],
  ['the comparison', CODE, 'yes', 'accounts.passkey.confirm'],
])('asks for %s again where the daemon could not take it', async (_name, passkey, text, method) => {
  typed = [text, text]
  failures = [busy(), null]
  steps.moved(passkey)
  await expect.poll(() => requests).toEqual([method, method])
  expect(printed).toContain('Too many requests.')
})

it.each([
  ['the answer', CHALLENGE],
  ['the comparison', CODE],
])('says how to go on where Ctrl-D ends the question for %s', async (_name, passkey) => {
  typed = [null]
  steps.moved(passkey)
  await expect.poll(() => printed).toMatch(/another terminal:\s+whatsappd link\s+whatsappd open/)
  expect(requests).toEqual([])
})

it('asks nothing more where the ceremony has gone on', async () => {
  typed = [ANSWER]
  failures = [new RequestError('passkey_not_expected', 'No.')]
  steps.moved(CHALLENGE)
  await expect.poll(() => requests).toHaveLength(1)
  steps.end()
  expect(printed).not.toContain('another terminal')
})
