import { RELYING_PARTY } from './passkey.ts'

/** How long WhatsApp takes an answer to a challenge. */
const CHALLENGE_LIFETIME_MS = 600_000
const CHALLENGE_BYTES = 32

/** The challenges of one ceremony: each is for one use, and a newer one replaces those before it. */
export class Challenges {
  readonly #deps: { now: () => number; random: (size: number) => Buffer }
  readonly #lifetimeMs: number
  #open: { challenge: string; expiresAtMs: number } | undefined

  constructor(
    deps: { now: () => number; random: (size: number) => Buffer },
    lifetimeMs: number = CHALLENGE_LIFETIME_MS,
  ) {
    this.#deps = deps
    this.#lifetimeMs = lifetimeMs
  }

  /** The one to be answered; `undefined` before the first, after its use and after its time. */
  get open(): string | undefined {
    const { now } = this.#deps
    return this.#open !== undefined && now() < this.#open.expiresAtMs ? this.#open.challenge : undefined
  }

  /** New request options, as WhatsApp sends them: UTF-8 JSON for `navigator.credentials.get`. */
  issue(): Buffer {
    const challenge = this.#deps.random(CHALLENGE_BYTES).toString('base64url')
    this.#open = { challenge, expiresAtMs: this.#deps.now() + this.#lifetimeMs }
    const options = {
      challenge,
      timeout: CHALLENGE_LIFETIME_MS,
      rpId: RELYING_PARTY,
      allowCredentials: [],
      userVerification: 'required',
      extensions: { uvm: true },
    }
    return Buffer.from(JSON.stringify(options))
  }

  /** Whether this is the open challenge. It is used from now on, whatever comes of its answer. */
  use(challenge: string): boolean {
    const isOpen = challenge === this.open
    this.#open = undefined
    return isOpen
  }
}
