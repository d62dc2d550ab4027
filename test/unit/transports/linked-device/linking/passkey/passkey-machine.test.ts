import { Curve } from '@whiskeysockets/baileys'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  NO_PASSKEY,
  type PasskeyContext,
  type PasskeyInput,
  type PasskeyState,
  PASSKEY_TIMES,
  stepPasskey,
} from '../../../../../../src/transports/linked-device/linking/passkey/passkey-machine.ts'
import {
  handoffKey,
  handoffProof,
  verificationCode,
} from '../../../../../../src/transports/linked-device/linking/passkey/passkey-crypto.ts'
import type { RequestOptions } from '../../../../../../src/transports/linked-device/linking/passkey/request-options.ts'

const START = 1_000_000
const SHARED = Buffer.alloc(32, 5)
const ASSERTION = { credentialId: Buffer.from('credential'), json: Buffer.from('{}') }
const PRIMARY = { publicKey: Curve.generateKeyPair().public, nonce: Buffer.alloc(32, 3) }

const options = (challenge: string, timeoutMs: number | null = 600_000): RequestOptions => ({
  json: { challenge },
  challenge,
  timeoutMs,
})

/** A ceremony with a clock of its own; `effects` of the last input. */
class Ceremony {
  state: PasskeyState = NO_PASSKEY
  now = START
  effects: string[] = []
  /** The children of the last query. */
  sent: unknown
  secret: Uint8Array | undefined

  do(...inputs: PasskeyInput[]): this {
    for (const input of inputs) {
      const { state, effects } = stepPasskey(this.state, input, this.#context())
      this.state = state
      this.effects = effects.map((effect) => {
        if (effect.type === 'replaceSecret') this.secret = effect.advSecret
        if (effect.type === 'query') this.sent = effect.node.content
        return effect.type === 'query' ? effect.query : effect.type === 'end' ? effect.reason : effect.type
      })
    }
    return this
  }

  after(milliseconds: number): this {
    this.now += milliseconds
    return this
  }

  demanded = (
    asked: RequestOptions | null | 'unusable' = options('one'),
    shared: Buffer | null = SHARED,
  ): this => this.do({ type: 'demanded', options: asked, shared })
  signed = (): this => this.do({ type: 'signed', assertion: ASSERTION })
  refFetched = (ref: string | null = 'ref'): this =>
    this.do({ type: 'refFetched', ref, round: this.state.round })
  accepted = (query: 'prologue' | 'nonce' | 'request'): this =>
    this.do({ type: 'accepted', query, round: this.state.round })
  failed = (query: 'options' | 'ref' | 'prologue' | 'nonce' | 'request', answered: boolean): this =>
    this.do({ type: 'failed', query, answered, round: this.state.round })
  refused = (query: Parameters<typeof this.failed>[0]): this => this.failed(query, true)
  unanswered = (query: Parameters<typeof this.failed>[0]): this => this.failed(query, false)
  continued = (primary: typeof PRIMARY | null = PRIMARY): this => this.do({ type: 'continued', primary })
  timeUp = (): this => this.do({ type: 'timeUp' })

  /** Up to the wait for the phone. */
  prologued = (): this => this.demanded().signed().refFetched().accepted('prologue')

  #context(): PasskeyContext {
    return {
      now: this.now,
      times: PASSKEY_TIMES,
      random: (bytes) => Buffer.alloc(bytes, 7),
      keyPair: () => Curve.generateKeyPair(),
      device: { noiseKey: Buffer.alloc(32, 1), identityKey: Buffer.alloc(32, 2) },
    }
  }
}

it('replaces the secret at the demand, and sends the rest in the order of WhatsApp Web', () => {
  const ceremony = new Ceremony().demanded()
  expect(ceremony.effects).toEqual(['replaceSecret'])
  expect(ceremony.state).toMatchObject({ step: 'challenge', expiresAt: START + 600_000 })
  expect(ceremony.signed().effects).toEqual(['ref'])
  expect(ceremony.state).toMatchObject({ step: 'sent', expiresAt: START + 120_000 })
  expect(ceremony.refFetched().effects).toEqual(['prologue'])
  expect(ceremony.state.assertion).toBeNull()
  expect(ceremony.after(50).accepted('prologue').state.expiresAt).toBe(START + 50 + 120_000)
  expect(ceremony.continued().effects).toEqual(['nonce'])
  expect(ceremony.accepted('nonce').effects).toEqual(['request'])
  expect(ceremony.state).toMatchObject({ step: 'confirming', expiresAt: START + 50 + 120_000 })
  expect(ceremony.after(20).accepted('request').state.expiresAt).toBe(START + 70 + 120_000)
  expect(ceremony.do({ type: 'finished' }).state).toMatchObject({ step: 'over', advSecret: null })
})

it('goes on where the phone is quicker than the answer to the signature', () => {
  const ceremony = new Ceremony().demanded().signed().refFetched().continued()
  expect(ceremony.effects).toEqual(['nonce'])
  expect(ceremony.accepted('prologue').accepted('nonce').effects).toEqual(['request'])
})

it.each<[string, number, Buffer | null, boolean]>([
  ['within five minutes', 299_999, SHARED, true],
  ['after five minutes', 300_000, SHARED, false],
  ['where the phone has no secret', 0, null, false],
])('proves the code of the phone %s: %d ms', (_name, afterMs, shared, isProven) => {
  const ceremony = new Ceremony().demanded(options('one'), shared).after(afterMs).signed().refFetched()
  const [prologue] = ceremony.sent as { content: { tag: string; content: Uint8Array }[] }[]
  const parts = Object.fromEntries(prologue?.content.map(({ tag, content }) => [tag, content]) ?? [])
  const proof = handoffProof(handoffKey(SHARED), parts['prologue_payload'] ?? Buffer.alloc(0))
  expect(parts['pairing_handoff_proof']).toEqual(isProven ? proof : undefined)
  ceremony.accepted('prologue').continued().accepted('nonce')
  expect(ceremony.state.step).toBe(isProven ? 'confirming' : 'code')
  if (isProven) return
  expect(ceremony.state).toMatchObject({
    code: verificationCode(Buffer.alloc(32, 7), PRIMARY),
    expiresAt: START + afterMs + 120_000,
  })
  expect(ceremony.do({ type: 'compared', matches: true }).effects).toEqual(['request'])
})

it('ends where a person says that the codes differ', () => {
  const ceremony = new Ceremony().demanded(options('one'), null).signed().refFetched().continued()
  expect(ceremony.accepted('nonce').do({ type: 'compared', matches: false }).effects).toEqual([
    'passkey_code_differs',
  ])
})

it('fetches options that did not come with the demand, and lets them last as long as they say', () => {
  const ceremony = new Ceremony().demanded(null)
  expect(ceremony.effects).toEqual(['replaceSecret', 'options'])
  expect(ceremony.signed().state.step).toBe('challenge')
  const fetched = { type: 'optionsFetched', options: options('one', 60_000), round: 1 } as const
  expect(ceremony.after(10).do(fetched).state.expiresAt).toBe(START + 10 + 60_000)
  expect(new Ceremony().demanded(options('one', 3_600_000)).state.expiresAt).toBe(START + 600_000)
})

it('replaces the options at a second demand, and the secret never again', () => {
  const ceremony = new Ceremony().demanded().after(10).demanded(options('two'))
  expect(ceremony.effects).toEqual([])
  expect(ceremony.state.options?.challenge).toBe('two')
  const secret = ceremony.secret
  expect(ceremony.demanded(null).demanded('unusable').state.options?.challenge).toBe('two')
  expect(ceremony.secret).toBe(secret)
})

it('asks once more where WhatsApp demanded again meanwhile and then refuses, with the same secret', () => {
  const ceremony = new Ceremony().prologued().demanded().demanded(options('two'))
  expect(ceremony.state).toMatchObject({ step: 'sent' })
  const { round, ceremonyId, advSecret } = ceremony.state
  expect(ceremony.refused('prologue').state).toMatchObject({ step: 'challenge', ceremonyId, advSecret })
  expect(ceremony.state.options?.challenge).toBe('two')
  // What the first try still hears of is no part of the second one.
  expect(ceremony.do({ type: 'accepted', query: 'nonce', round }).state.step).toBe('challenge')
  expect(ceremony.signed().refFetched().refused('prologue').effects).toEqual(['passkey_refused'])
})

it.each<[string, (ceremony: Ceremony) => Ceremony, string]>([
  ['options that cannot be read', (c) => c.demanded('unusable'), 'passkey_unsupported'],
  ['options refused', (c) => c.demanded(null).refused('options'), 'passkey_failed'],
  ['options never fetched', (c) => c.demanded(null).after(600_000).timeUp(), 'passkey_failed'],
  ['nobody signed', (c) => c.demanded().after(600_000).timeUp(), 'passkey_timed_out'],
  ['no reference', (c) => c.demanded().signed().refFetched(null), 'passkey_failed'],
  ['reference refused', (c) => c.demanded().signed().refused('ref'), 'passkey_failed'],
  ['signature refused', (c) => c.demanded().signed().refFetched().refused('prologue'), 'passkey_refused'],
  ['the phone silent', (c) => c.prologued().after(120_000).timeUp(), 'passkey_phone_silent'],
  ['half a key of the phone', (c) => c.prologued().continued(null), 'passkey_failed'],
  ['nonce refused', (c) => c.prologued().continued().refused('nonce'), 'passkey_failed'],
  [
    'request refused',
    (c) => c.prologued().continued().accepted('nonce').refused('request'),
    'passkey_failed',
  ],
  [
    'no pair-success',
    (c) => c.prologued().continued().accepted('nonce').after(120_000).timeUp(),
    'passkey_phone_silent',
  ],
  [
    'nobody compared',
    (c) =>
      c
        .demanded(options('one'), null)
        .signed()
        .refFetched()
        .continued()
        .accepted('nonce')
        .after(120_000)
        .timeUp(),
    'passkey_not_confirmed',
  ],
])('ends, with nothing secret left: %s', (_name, run, reason) => {
  const ceremony = run(new Ceremony())
  expect(ceremony.effects).toEqual([reason])
  expect({ ...ceremony.state, round: 0 }).toEqual({ ...NO_PASSKEY, step: 'over' })
  expect(ceremony.demanded().signed().effects).toEqual([])
})

it('waits for the phone where WhatsApp does not answer, and goes on with it', () => {
  const silent = new Ceremony().demanded().signed().refFetched().after(30_000).unanswered('prologue')
  expect(silent.state.step).toBe('sent')
  expect(silent.after(90_000).timeUp().effects).toEqual(['passkey_phone_silent'])
  const ceremony = new Ceremony().demanded().signed().refFetched().continued()
  expect(ceremony.unanswered('prologue').refused('prologue').accepted('nonce').effects).toEqual(['request'])
  expect(ceremony.unanswered('request').state.step).toBe('confirming')
  expect(new Ceremony().demanded().signed().unanswered('ref').effects).toEqual(['passkey_failed'])
})

it('is not ended by a timer that comes early', () => {
  expect(new Ceremony().demanded().after(599_999).timeUp().effects).toEqual([])
})

it('sends each step at most once a signature, whatever comes in whatever order', () => {
  const input = fc.constantFrom<(c: Ceremony) => Ceremony>(
    (c) => c.demanded(),
    (c) => c.demanded(null),
    (c) => c.signed(),
    (c) => c.refFetched(),
    (c) => c.accepted('prologue'),
    (c) => c.accepted('nonce'),
    (c) => c.accepted('request'),
    (c) => c.continued(),
    (c) => c.do({ type: 'compared', matches: true }),
    (c) => c.after(1_000),
  )
  fc.assert(
    fc.property(fc.array(input, { maxLength: 30 }), (inputs) => {
      const ceremony = new Ceremony()
      const sent: string[] = []
      for (const run of inputs) sent.push(...(run(ceremony) && ceremony.effects.splice(0)))
      expect(sent).toEqual([...new Set(sent)])
    }),
  )
})
