import { Places } from '../../timing/places.ts'

/** Files of one account that are fetched side by side. */
const MAX_AT_ONCE = 4
/** Files of one conversation that are fetched side by side, quick or slow. */
const MAX_OF_CONVERSATION = 2
/** Files of one account that take long, beside those. */
const MAX_SLOW = 16
/** Most files come faster. */
const SLOW_AFTER_MS = 20_000

export interface FetchPlace {
  /** Gives the place back; it may be called again. */
  leave: () => void
  /** Lets others fetch while `wait` runs, and takes a place again behind it. Rejects as `wait` does, or with the reason of the aborted signal. */
  lendWhile: <Result>(wait: () => Promise<Result>) => Promise<Result>
}

interface Share {
  places: Places
  /** Fetches that have one of its places, or wait for one. */
  users: number
}

/**
 * The places of an account's downloads, shared between its conversations: first come, first served within the share of each. What takes
 * long gives its place to others and goes on beside them: a few slow downloads hold up only their own conversations.
 */
export class FetchPlaces {
  readonly #all = new Places(MAX_AT_ONCE)
  readonly #slow = new Places(MAX_SLOW)
  /** By conversation; of those alone that fetch something. */
  readonly #shares = new Map<number, Share>()

  /** Rejects with the reason of an aborted `signal`, which ends `lendWhile`, too. */
  async take(conversation: number, signal: AbortSignal): Promise<FetchPlace> {
    const leaveShare = await this.#takeShare(conversation, signal)
    let leavePlace = await this.#takePlace(signal).catch((error: unknown) => {
      leaveShare()
      throw error
    })
    return {
      leave: () => {
        leavePlace()
        leaveShare()
      },
      lendWhile: async (wait) => {
        leavePlace()
        try {
          return await wait()
        } finally {
          leavePlace = await this.#takePlace(signal)
        }
      },
    }
  }

  /** One of all, which is changed for one of the slow ones after a while. */
  async #takePlace(signal: AbortSignal): Promise<() => void> {
    let leave = await this.#all.take(signal)
    const timer = setInterval(() => {
      const leaveSlow = this.#slow.takeNow()
      if (leaveSlow === null) return
      clearInterval(timer)
      leave()
      leave = leaveSlow
    }, SLOW_AFTER_MS)
    return () => {
      clearInterval(timer)
      leave()
    }
  }

  async #takeShare(conversation: number, signal: AbortSignal): Promise<() => void> {
    const share = this.#shares.get(conversation) ?? { places: new Places(MAX_OF_CONVERSATION), users: 0 }
    this.#shares.set(conversation, share)
    share.users += 1
    let isIn = true
    const goOut = (): void => {
      if (isIn) share.users -= 1
      isIn = false
      if (share.users === 0) this.#shares.delete(conversation)
    }
    try {
      const leave = await share.places.take(signal)
      return () => {
        leave()
        goOut()
      }
    } catch (error) {
      goOut()
      throw error
    }
  }
}
