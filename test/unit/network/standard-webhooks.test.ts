import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { webhookHeaders, webhookKey } from '../../../src/network/standard-webhooks.ts'

const secretOf = (words: string): string => `whsec_${Buffer.from(words).toString('base64')}`
const NEW = secretOf('the secret that counts from now on')
const OLD = secretOf('the secret that counted until now!')
const body = JSON.stringify({ text: 'Grüße, "Ann"' })

function keysOf(...secrets: string[]): Buffer[] {
  return secrets.map((secret) => {
    const key = webhookKey(secret)
    if (key === null) throw new Error('no key')
    return key
  })
}

describe('the headers of a posted message', () => {
  it("are what the specification's own library verifies, by either secret during a change", () => {
    const headers = webhookHeaders({ id: 'turn-1', at: new Date(), body }, keysOf(NEW, OLD))
    for (const secret of [NEW, OLD])
      expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body))
    expect(() => new Webhook(secretOf('somebody else has this secret here')).verify(body, headers)).toThrow(
      'No matching signature',
    )
    expect(() => new Webhook(NEW).verify(`${body} `, headers)).toThrow('No matching signature')
    expect(() => new Webhook(NEW).verify(body, { ...headers, 'webhook-id': 'turn-2' })).toThrow()
  })

  it('have the time of the attempt, which a receiver holds against its clock', () => {
    const at = new Date(Date.now() - 6 * 60_000)
    const headers = webhookHeaders({ id: 'turn-1', at, body }, keysOf(NEW))
    expect(() => new Webhook(NEW).verify(body, headers)).toThrow('timestamp too old')
  })

  it('have no signature without a secret', () => {
    expect(Object.keys(webhookHeaders({ id: 'a', at: new Date(), body }, []))).toEqual([
      'webhook-id',
      'webhook-timestamp',
    ])
  })
})

it.each(['', 'whsec_', 'whsec_short', 'not base64 at all, but long enough', secretOf('x'.repeat(65))])(
  'takes %j for no secret',
  (secret) => expect(webhookKey(secret)).toBeNull(),
)
