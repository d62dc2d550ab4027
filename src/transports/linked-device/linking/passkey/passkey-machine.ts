/**
 * Linking with a passkey as a pure state machine: `stepPasskey(state, input, context) → {state, effects}`. Nothing here
 * touches a socket, a clock or a disk. What WhatsApp's server and phones do: WhatsApp Web's `WAWebShortcakeLinking*`.
 */
import type { BinaryNode } from '@whiskeysockets/baileys'
import type { PasskeyStep } from '../../../../protocol/account/passkey.ts'
import type { ReasonCode } from '../../../../protocol/reasons.ts'
import type { CheckedAssertion } from './check-assertion.ts'
import {
  type EphemeralKeyPair,
  handoffKey,
  handoffProof,
  type PairingSecrets,
  type PrimaryIdentity,
  prologuePayload,
  sealPairingRequest,
  verificationCode,
} from './passkey-crypto.ts'
import { passkeyQuery, type PasskeyQuery } from './passkey-stanzas.ts'
import type { RequestOptions } from './request-options.ts'

/** Of WhatsApp Web, milliseconds. Shortened by tests. */
export interface PasskeyTimes {
  /** How long a challenge may be signed at most. */
  challengeMs: number
  /** How long after the demand the phone takes the secret of the code for a proof. */
  proofMs: number
  /** How long each wait for the phone, the person and WhatsApp may last. */
  waitMs: number
}

export const PASSKEY_TIMES: PasskeyTimes = { challengeMs: 600_000, proofMs: 300_000, waitMs: 120_000 }

/** What this device shows of itself in one try; made anew for each signature. */
interface Companion {
  keyPair: EphemeralKeyPair
  nonce: Uint8Array
  ref: string
}

/** Times in milliseconds since the epoch. */
export interface PasskeyState {
  step: 'none' | PasskeyStep | 'over'
  ceremonyId: string
  expiresAt: number
  /** What has to be signed; `null` while it is being fetched. */
  options: RequestOptions | null
  /** A further demand that came after the signature: for another try, if this one fails. */
  spare: { options: RequestOptions; until: number } | null
  handoff: { key: Uint8Array; until: number } | null
  /** The secret that the link is signed with from the demand on. */
  advSecret: Uint8Array | null
  /** Held from the person's answer until it leaves. */
  assertion: CheckedAssertion | null
  companion: Companion | null
  primary: PrimaryIdentity | null
  code: string | null
  /** The phone was shown that we made the code which it read, so that nobody has to compare anything. */
  isProven: boolean
  /** Counts tries: what an earlier one still hears of is ignored. */
  round: number
}

export type PasskeyInput =
  /** WhatsApp demands a passkey; without options they have to be fetched. `shared`: the secret that the phone has from the code. */
  | { type: 'demanded'; options: RequestOptions | null | 'unusable'; shared: Uint8Array | null }
  /** A query was answered; `content` is what the expected child of the answer holds. */
  | { type: 'optionsFetched'; options: RequestOptions | null; round: number }
  | { type: 'refFetched'; ref: string | null; round: number }
  | { type: 'accepted'; query: 'prologue' | 'nonce' | 'request'; round: number }
  /** A query was refused, or not answered in time, which says nothing about whether it was taken. */
  | { type: 'failed'; query: PasskeyQuery; round: number; answered: boolean }
  | { type: 'signed'; assertion: CheckedAssertion }
  /** The phone goes on; `null` where what it says cannot be used. */
  | { type: 'continued'; primary: PrimaryIdentity | null }
  | { type: 'compared'; matches: boolean }
  | { type: 'timeUp' }
  /** The device is linked, or the attempt is over for another reason. */
  | { type: 'finished' }

export type PasskeyEffect =
  /** The new secret must be in force, and stored, before anything else leaves. */
  | { type: 'replaceSecret'; advSecret: Uint8Array }
  | { type: 'query'; query: PasskeyQuery; node: BinaryNode; round: number }
  | { type: 'end'; reason: ReasonCode }

export interface PasskeyContext {
  /** Milliseconds since the epoch. */
  now: number
  times: PasskeyTimes
  random(bytes: number): Uint8Array
  keyPair(): EphemeralKeyPair
  /** Public keys of this device. */
  device: Omit<PairingSecrets, 'advSecret'>
}

interface Step {
  state: PasskeyState
  effects: PasskeyEffect[]
}

type Handler<Type extends PasskeyInput['type']> = (
  state: PasskeyState,
  input: Extract<PasskeyInput, { type: Type }>,
  context: PasskeyContext,
) => Step

const SECRET_BYTES = 32
const CEREMONY_ID_BYTES = 16
const IV_BYTES = 12

export const NO_PASSKEY: PasskeyState = {
  step: 'none',
  ceremonyId: '',
  expiresAt: 0,
  options: null,
  spare: null,
  handoff: null,
  advSecret: null,
  assertion: null,
  companion: null,
  primary: null,
  code: null,
  isProven: false,
  round: 0,
}

const stay = (state: PasskeyState): Step => ({ state, effects: [] })

/** Nothing secret stays. */
const end = (state: PasskeyState, reason: ReasonCode): Step => ({
  state: { ...NO_PASSKEY, step: 'over', round: state.round + 1 },
  effects: [{ type: 'end', reason }],
})

const ask = (
  state: PasskeyState,
  query: PasskeyQuery,
  content?: Parameters<typeof passkeyQuery>[1],
): PasskeyEffect => ({
  type: 'query',
  query,
  node: passkeyQuery(query, content),
  round: state.round,
})

const signUntil = ({ timeoutMs }: RequestOptions, { now, times }: PasskeyContext): number =>
  now + Math.min(timeoutMs ?? times.challengeMs, times.challengeMs)

/** Another try with a demand that came meanwhile, or the end. */
const fail = (state: PasskeyState, reason: ReasonCode, { now }: PasskeyContext): Step => {
  const { spare } = state
  if (spare === null || spare.until <= now) return end(state, reason)
  const { ceremonyId, handoff, advSecret } = state
  return stay({
    ...NO_PASSKEY,
    step: 'challenge',
    ceremonyId,
    handoff,
    advSecret,
    options: spare.options,
    expiresAt: spare.until,
    round: state.round + 1,
  })
}

const begin: Handler<'demanded'> = (state, { options, shared }, context) => {
  if (options === 'unusable') return end(state, 'passkey_unsupported')
  const { now, times, random } = context
  const fresh = random(SECRET_BYTES)
  const begun: PasskeyState = {
    ...NO_PASSKEY,
    step: 'challenge',
    ceremonyId: Buffer.from(random(CEREMONY_ID_BYTES)).toString('base64url'),
    options,
    expiresAt: options === null ? now + times.challengeMs : signUntil(options, context),
    // The phone has read the secret with the code; the link gets a new one.
    handoff: shared && { key: handoffKey(shared), until: now + times.proofMs },
    advSecret: fresh,
    round: state.round + 1,
  }
  const effects: PasskeyEffect[] = [{ type: 'replaceSecret', advSecret: fresh }]
  return { state: begun, effects: options === null ? [...effects, ask(begun, 'options')] : effects }
}

const HANDLERS: { [Type in PasskeyInput['type']]: Handler<Type> } = {
  demanded: (state, input, context) => {
    if (state.step === 'none') return begin(state, input, context)
    const { options } = input
    if (state.step === 'over' || options === null || options === 'unusable') return stay(state)
    const until = signUntil(options, context)
    // The secret is replaced once: the phone has the first one from the code.
    if (state.step === 'challenge') return stay({ ...state, options, expiresAt: until })
    const isSame = options.challenge === state.options?.challenge
    return stay(isSame ? state : { ...state, spare: { options, until } })
  },
  optionsFetched: (state, { options }, context) => {
    // A second demand may have brought them meanwhile.
    if (state.step !== 'challenge' || state.options !== null) return stay(state)
    if (options === null) return end(state, 'passkey_unsupported')
    return stay({ ...state, options, expiresAt: signUntil(options, context) })
  },
  signed: (state, { assertion }, { now, times }) => {
    if (state.step !== 'challenge' || state.options === null) return stay(state)
    const sent: PasskeyState = { ...state, step: 'sent', assertion, expiresAt: now + times.waitMs }
    return { state: sent, effects: [ask(sent, 'ref')] }
  },
  refFetched: (state, { ref }, context) => {
    const { assertion, handoff } = state
    if (state.step !== 'sent' || assertion === null) return stay(state)
    if (ref === null) return fail({ ...state, assertion: null }, 'passkey_failed', context)
    const companion = { keyPair: context.keyPair(), nonce: context.random(SECRET_BYTES), ref }
    const payload = prologuePayload({ publicKey: companion.keyPair.public, ref, nonce: companion.nonce })
    const proof = handoff !== null && context.now < handoff.until ? handoffProof(handoff.key, payload) : null
    const proven: PasskeyState = { ...state, assertion: null, companion, isProven: proof !== null }
    return { state: proven, effects: [ask(proven, 'prologue', { assertion, payload, proof })] }
  },
  accepted: (state, { query }, context) => {
    const { now, times } = context
    const waiting = { ...state, expiresAt: now + times.waitMs }
    if (query === 'prologue') return stay(state.step === 'sent' ? waiting : state)
    if (query === 'request') return stay(state.step === 'confirming' ? waiting : state)
    if (state.step !== 'sent') return stay(state)
    return state.isProven ? request(state, context) : stay({ ...waiting, step: 'code' })
  },
  failed: (state, { query, answered }, context) => {
    if (query === 'options' && state.options !== null) return stay(state)
    if (query === 'prologue') {
      // The phone goes on with nothing but a signature that was taken; else the time that is set says that it does not.
      const mayGoOn = !answered || state.primary !== null
      return mayGoOn ? stay(state) : fail(state, 'passkey_refused', context)
    }
    // The phone may have the request, and link.
    if (query === 'request' && !answered) return stay(state)
    return fail(state, 'passkey_failed', context)
  },
  continued: (state, { primary }, context) => {
    const { companion } = state
    if (state.step !== 'sent' || companion === null || state.primary !== null) return stay(state)
    if (primary === null) return fail(state, 'passkey_failed', context)
    const code = verificationCode(companion.nonce, primary)
    const known = { ...state, primary, code }
    return { state: known, effects: [ask(known, 'nonce', { nonce: companion.nonce })] }
  },
  compared: (state, { matches }, context) => {
    if (state.step !== 'code') return stay(state)
    return matches ? request(state, context) : end(state, 'passkey_code_differs')
  },
  timeUp: (state, _input, context) => {
    if (context.now < state.expiresAt) return stay(state)
    switch (state.step) {
      case 'challenge':
        return end(state, state.options === null ? 'passkey_failed' : 'passkey_timed_out')
      case 'sent':
      case 'confirming':
        return fail(state, 'passkey_phone_silent', context)
      case 'code':
        return end(state, 'passkey_not_confirmed')
      case 'none':
      case 'over':
        return stay(state)
    }
  },
  finished: (state) => stay({ ...NO_PASSKEY, step: 'over', round: state.round + 1 }),
}

/** The link itself: the keys of this device and the new secret, for the phone's eyes only. */
function request(state: PasskeyState, context: PasskeyContext): Step {
  const { companion, primary, advSecret } = state
  if (companion === null || primary === null || advSecret === null)
    return fail(state, 'passkey_failed', context)
  const { now, times, random, device } = context
  const waiting: PasskeyState = { ...state, step: 'confirming', expiresAt: now + times.waitMs }
  const { keyPair, ref } = companion
  try {
    const secrets = { ...device, advSecret }
    const sealed = sealPairingRequest({ secrets, keyPair, primary, ref, iv: random(IV_BYTES) })
    return { state: waiting, effects: [ask(waiting, 'request', { sealed })] }
  } catch {
    // The phone's key is no point of the curve.
    return fail(state, 'passkey_failed', context)
  }
}

/** One step. Same arguments, same answer. */
export function stepPasskey(state: PasskeyState, input: PasskeyInput, context: PasskeyContext): Step {
  if ('round' in input && input.round !== state.round) return stay(state)
  // The table's row for `input.type` takes exactly that input; TypeScript cannot correlate the two by itself.
  const handler = HANDLERS[input.type] as Handler<PasskeyInput['type']>
  return handler(state, input, context)
}
