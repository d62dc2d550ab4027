import type { Identity } from '../auth/authenticate.ts'
import type { Rate } from './limits.ts'
import { TokenBucket } from './token-bucket.ts'

interface KindLimits {
  /** Sockets of one holder. */
  sockets: number
  /** Places that this kind leaves to the others: so many, but at most this share of all. */
  leaves: { places: number; share: number }
  requests: Rate
  subscriptions: Rate
}

const SHARED: Omit<KindLimits, 'leaves'> = {
  sockets: 64,
  requests: { burst: 400, perSecond: 100 },
  subscriptions: { burst: 64, perSecond: 2 },
}
const LIMITS: Readonly<Record<Identity['kind'], KindLimits>> = {
  local: {
    sockets: Number.POSITIVE_INFINITY,
    leaves: { places: 0, share: 0 },
    requests: { burst: 4_000, perSecond: 500 },
    subscriptions: { burst: 2_048, perSecond: 50 },
  },
  session: { ...SHARED, leaves: { places: 16, share: 1 / 8 } },
  jwt: { ...SHARED, leaves: { places: 64, share: 1 / 4 } },
  // It asks over HTTP, a few times a minute.
  metrics: {
    sockets: 2,
    leaves: { places: 64, share: 1 / 4 },
    requests: { burst: 100, perSecond: 10 },
    subscriptions: { burst: 2, perSecond: 1 },
  },
}
/** Remembered without a socket, so that coming back does not begin a new allowance. */
const MAX_HOLDERS = 1_000

interface Holder {
  sockets: number
  requests: TokenBucket
  subscriptions: TokenBucket
}

type Held = Pick<Identity, 'kind' | 'holder'>

/**
 * What everybody who has authenticated may take, all their sockets together. The last places are for the sandbox's own
 * user: signed tokens leave them to page sessions, and these some to the local token.
 */
export class HolderLimits {
  readonly #connections: number
  readonly #now: () => Date
  /** The one that was seen longest ago first. */
  readonly #holders = new Map<string, Holder>()
  #sockets = 0

  /** `connections`: sockets of all holders together. */
  constructor(connections: number, now: () => Date) {
    this.#connections = connections
    this.#now = now
  }

  /** Takes a place for one more socket; false when there is none for this holder. */
  enter(identity: Held): boolean {
    const { sockets, leaves } = LIMITS[identity.kind]
    const holder = this.#find(identity)
    const left = Math.min(leaves.places, Math.floor(this.#connections * leaves.share))
    if (this.#sockets >= this.#connections - left || holder.sockets >= sockets) return false
    holder.sockets += 1
    this.#sockets += 1
    return true
  }

  /** Gives the place of a socket to another holder; false when there is none for that one, and nothing changes then. */
  replace(leaving: Held, entering: Held): boolean {
    if (leaving.kind === entering.kind && leaving.holder === entering.holder) return true
    if (!this.enter(entering)) return false
    this.leave(leaving)
    return true
  }

  leave(identity: Held): void {
    this.#find(identity).sockets -= 1
    this.#sockets -= 1
  }

  /** Counts a request; false when there were too many lately. */
  request(identity: Held): boolean {
    return this.#find(identity).requests.take(this.#now().getTime())
  }

  /** Counts a subscription, which costs more than other requests; false when there were too many lately. */
  subscribe(identity: Held): boolean {
    return this.#find(identity).subscriptions.take(this.#now().getTime())
  }

  #find({ kind, holder: key }: Held): Holder {
    const nowMs = this.#now().getTime()
    const { requests, subscriptions } = LIMITS[kind]
    const holder = this.#holders.get(key) ?? {
      sockets: 0,
      requests: new TokenBucket(requests, nowMs),
      subscriptions: new TokenBucket(subscriptions, nowMs),
    }
    this.#holders.delete(key)
    this.#holders.set(key, holder)
    if (this.#holders.size > MAX_HOLDERS) this.#forgetOne()
    return holder
  }

  #forgetOne(): void {
    for (const [key, { sockets }] of this.#holders) {
      if (sockets > 0) continue
      this.#holders.delete(key)
      return
    }
  }
}
