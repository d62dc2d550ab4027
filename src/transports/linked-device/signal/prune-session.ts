/** libsignal's own Java and Rust versions keep five; a late message finds its chain among these. */
const KEPT_RECEIVING_CHAINS = 12
/** libsignal's `chainType` of a receiving chain. */
const RECEIVING = 2

interface Chain {
  chainType?: unknown
  chainKey?: { key?: unknown }
}

/**
 * Drops the oldest closed receiving chains of a serialised session record, in place. The JavaScript libsignal never
 * does, so that a record grows with every question and answer and is parsed and written with each message.
 * `value` is what Baileys hands to the key store under `session`; anything else is left alone.
 */
export function pruneSession(value: unknown): void {
  const sessions = childOf(value, '_sessions')
  for (const session of Object.values(sessions)) {
    const chains = childOf(session, '_chains')
    // In the order they were added: the newest is last.
    const closed = Object.entries(chains).filter(([, chain]) => isClosed(chain))
    for (const [key] of closed.slice(0, -KEPT_RECEIVING_CHAINS)) Reflect.deleteProperty(chains, key)
  }
}

function isClosed(chain: unknown): boolean {
  if (typeof chain !== 'object' || chain === null) return false
  const { chainType, chainKey } = chain as Chain
  return chainType === RECEIVING && chainKey?.key === undefined
}

function childOf(value: unknown, name: string): Record<string, unknown> {
  const child: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
  // Read by name only, and only where there is an object.
  return typeof child === 'object' && child !== null ? (child as Record<string, unknown>) : {}
}
