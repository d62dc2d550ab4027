import { randomBytes } from 'node:crypto'
import { type BinaryNode, Curve, DisconnectReason, type WASocket } from '@whiskeysockets/baileys'
import type { PasskeyAnswer, PasskeyCeremony, PasskeyStep } from '../../../../protocol/account/passkey.ts'
import { DaemonError } from '../../../../protocol/errors.ts'
import type { ReasonCode } from '../../../../protocol/reasons.ts'
import { TimerSet } from '../../../../timing/timer-set.ts'
import type { CredentialStore } from '../../signal/credential-store.ts'
import { isFromServer } from '../../socket/is-from-server.ts'
import { checkAssertion } from './check-assertion.ts'
import {
  NO_PASSKEY,
  PASSKEY_TIMES,
  type PasskeyContext,
  type PasskeyEffect,
  type PasskeyInput,
  type PasskeyState,
  type PasskeyTimes,
  stepPasskey,
} from './passkey-machine.ts'
import { optionsIn, type PasskeyQuery, primaryIn, refIn } from './passkey-stanzas.ts'

/** Of WhatsApp to a query, within its time. */
const NO_ANSWER = 'no answer'

export interface PasskeyLinkDependencies {
  baileys: Pick<WASocket, 'ws' | 'query' | 'generateMessageTag'>
  store: Pick<CredentialStore, 'credentials' | 'linked' | 'saveCredentials'>
  times: Partial<PasskeyTimes> | undefined
  now: () => number
  /** What the phone has learned with the QR or by the pairing code; `null` while it knows nothing. */
  sharedSecret(): Uint8Array | null
  /** The ceremony began, or came a step further; everything is read from `current`. */
  moved(step: PasskeyStep): void
  /** It failed. `detail` is for the log: names and codes, no contents. */
  ended(reason: ReasonCode, detail: string | undefined): void
}

/**
 * Runs the passkey ceremony of one socket that registers a device: it listens for WhatsApp's demand, asks and answers as
 * `passkey-machine.ts` says, and holds what people may see. Nothing of it is on disk but the new secret.
 */
export class PasskeyLink {
  readonly #deps: PasskeyLinkDependencies
  readonly #timers = new TimerSet<'step'>()
  readonly #queries = new Set<string>()
  #state: PasskeyState = NO_PASSKEY

  constructor(deps: PasskeyLinkDependencies) {
    this.#deps = deps
  }

  listen(): void {
    const { baileys, store } = this.#deps
    const { ws } = baileys
    ws.on('CB:notification,type:passkey_prologue_request', (stanza: BinaryNode) => {
      // A linked account has nothing to prove, and keeps the secret of its link.
      if (store.linked || !isFromServer(stanza)) return
      this.#dispatch({ type: 'demanded', options: optionsIn(stanza), shared: this.#deps.sharedSecret() })
    })
    ws.on('CB:notification,type:crsc_continuation', (stanza: BinaryNode) => {
      if (store.linked || !isFromServer(stanza)) return
      this.#dispatch({ type: 'continued', primary: primaryIn(stanza) })
    })
  }

  /** The live ceremony. Secret. */
  get current(): PasskeyCeremony | null {
    const { step, ceremonyId, expiresAt, options, code } = this.#state
    if (step === 'none' || step === 'over') return null
    return {
      step,
      ceremonyId,
      expiresAt: new Date(expiresAt).toISOString(),
      ...(step === 'challenge' && options !== null && { options: options.json }),
      ...(step === 'code' && code !== null && { code }),
    }
  }

  /** Whether this is the id of a query of the ceremony. */
  asked(id: string | undefined): boolean {
    return id !== undefined && this.#queries.has(id)
  }

  /** Throws `DaemonError` (`passkey_not_expected`, `passkey_answer_invalid`), with nothing changed. */
  answer({ ceremonyId, assertion }: PasskeyAnswer): void {
    this.#expect(ceremonyId, 'challenge')
    const { options } = this.#state
    if (options === null) throw notExpected('challenge')
    this.#dispatch({ type: 'signed', assertion: checkAssertion(assertion, options.challenge) })
  }

  /** Throws `DaemonError` (`passkey_not_expected`). */
  confirm(ceremonyId: string, matches: boolean): void {
    this.#expect(ceremonyId, 'code')
    this.#dispatch({ type: 'compared', matches })
  }

  /** The device is linked, or the socket ends: nothing secret stays, nothing is reported any more. Idempotent. */
  stop(): void {
    this.#timers.clear()
    if (this.#state.step !== 'over') this.#dispatch({ type: 'finished' })
  }

  #expect(ceremonyId: string, step: PasskeyStep): void {
    const live = this.current
    if (live === null || live.ceremonyId !== ceremonyId) throw notExpected(undefined)
    if (live.step !== step) throw notExpected(live.step)
  }

  #dispatch(input: PasskeyInput, detail?: string): void {
    const before = this.#state
    const { state, effects } = stepPasskey(before, input, this.#context())
    this.#state = state
    this.#setTimer()
    for (const effect of effects) this.#run(effect, detail)
    if (hasMoved(before, state)) this.#deps.moved(state.step)
  }

  #context(): PasskeyContext {
    const { store, now, times } = this.#deps
    const { noiseKey, signedIdentityKey } = store.credentials
    return {
      now: now(),
      times: { ...PASSKEY_TIMES, ...times },
      random: (bytes) => randomBytes(bytes),
      keyPair: () => Curve.generateKeyPair(),
      device: { noiseKey: noiseKey.public, identityKey: signedIdentityKey.public },
    }
  }

  /** Also where nothing changed: a timer may fire a moment before its time, and would be the last one. */
  #setTimer(): void {
    const { step, expiresAt } = this.#state
    if (step === 'none' || step === 'over') return this.#timers.cancel('step')
    this.#timers.set('step', expiresAt - this.#deps.now(), () => this.#dispatch({ type: 'timeUp' }))
  }

  #run(effect: PasskeyEffect, detail: string | undefined): void {
    const { store, ended } = this.#deps
    switch (effect.type) {
      case 'replaceSecret':
        store.credentials.advSecretKey = Buffer.from(effect.advSecret).toString('base64')
        store.saveCredentials()
        return
      case 'query':
        void this.#query(effect)
        return
      case 'end':
        ended(effect.reason, detail)
    }
  }

  /** Never rejects. */
  async #query({ query, node, round }: Extract<PasskeyEffect, { type: 'query' }>): Promise<void> {
    const { baileys } = this.#deps
    const id = baileys.generateMessageTag()
    this.#queries.add(id)
    try {
      const asked = { ...node, attrs: { ...node.attrs, id } }
      // Nothing where WhatsApp did not answer in time.
      const answer: BinaryNode | undefined = await baileys.query(asked)
      if (answer?.attrs.type === 'result') this.#dispatch(readAnswer(query, answer, round))
      else this.#failed({ query, round }, answer === undefined ? NO_ANSWER : 'no result')
    } catch (error) {
      const why = whyFailed(error)
      if (why !== null) this.#failed({ query, round }, why)
    }
  }

  #failed(asked: { query: PasskeyQuery; round: number }, why: string): void {
    this.#dispatch({ type: 'failed', ...asked, answered: why !== NO_ANSWER }, `${asked.query}: ${why}`)
  }
}

function readAnswer(query: PasskeyQuery, answer: BinaryNode, round: number): PasskeyInput {
  if (query === 'options') {
    const options = optionsIn(answer)
    return { type: 'optionsFetched', options: options === 'unusable' ? null : options, round }
  }
  if (query === 'ref') return { type: 'refFetched', ref: refIn(answer), round }
  return { type: 'accepted', query, round }
}

/** WhatsApp's code, which Baileys gives as the data of its error; `null` where the connection ends, which is reported by itself. */
function whyFailed(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  const { data, output } = error as { data?: unknown; output?: { statusCode?: number } }
  if (typeof data === 'number') return `refused with ${data}`
  return output?.statusCode === DisconnectReason.timedOut ? NO_ANSWER : null
}

/** What people see changed. */
function hasMoved(before: PasskeyState, after: PasskeyState): after is PasskeyState & { step: PasskeyStep } {
  if (after.step === 'none' || after.step === 'over') return false
  return (
    after.step !== before.step || after.expiresAt !== before.expiresAt || after.options !== before.options
  )
}

function notExpected(step: PasskeyStep | undefined): DaemonError {
  if (step === undefined)
    return new DaemonError('passkey_not_expected', {
      message: 'There is no passkey ceremony of this id any more.',
      action: 'Link again, and answer what is asked then.',
    })
  return new DaemonError('passkey_not_expected', { details: { step } })
}
