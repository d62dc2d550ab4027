import { DaemonError } from '../../protocol/errors.ts'
import type { Identity } from '../auth/authenticate.ts'
import { KeyedBuckets } from './keyed-buckets.ts'

/** Characters of config files that are read for the edits of one identity: about 40 edits of the longest file, then one a second. */
const CHARACTERS = { burst: 40 * 1_048_576, perSecond: 1_048_576 }
/** What an edit costs at least: it is written to the disk. */
const LEAST = 8_192

/** What edits of the config file may cost: a long file takes long to read, and every edit reads it. */
export class EditBudget {
  readonly #now: () => Date
  readonly #buckets = new KeyedBuckets(CHARACTERS)

  constructor(now: () => Date) {
    this.#now = now
  }

  /** Throws `DaemonError` (`rate_limited`) when this identity has edited too much lately. */
  charge(identity: Identity | null, characters: number): void {
    const nowMs = this.#now().getTime()
    const key = identity === null ? '' : identity.holder
    const cost = Math.min(CHARACTERS.burst, Math.max(LEAST, characters))
    if (this.#buckets.take(key, nowMs, cost)) return
    throw new DaemonError('rate_limited', {
      message: 'Too many edits of a config file of this length in a short time.',
      action: 'Wait a few seconds, then try again; several changes of settings fit into one config.update.',
    })
  }
}
