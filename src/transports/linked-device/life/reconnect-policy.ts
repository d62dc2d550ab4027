/** Full-jitter backoff: how long to wait before the next attempt. Pure. */

const FIRST_DELAY_MS = 2_000
const CAP_MS = 60_000
/** Times the cap: five minutes. */
const CAP_FACTOR_AFTER_MANY = 5
const MANY_FAILURES = 20

/** An attempt that stays open this long ends the series of failures. */
export const HEALTHY_AFTER_MS = 5 * 60_000

/** Another process holds the link: how often we try to get it back before we leave it alone. */
export const CONFLICT_RETRIES = 3
/**
 * The same where copies know that they are copies: a copy yields by itself, so a person asked
 * the process that comes a second time to take over.
 */
export const CONFLICT_RETRIES_AMONG_NAMED = 1
const CONFLICT_FIRST_DELAY_MS = 30_000
const CONFLICT_SPREAD_MS = 30_000

/** Without an end given by WhatsApp. */
export const RESTRICTION_DEFAULT_MS = 60 * 60_000
/** How often an outdated client tries again after its one quick retry. */
export const OUTDATED_RECHECK_MS = 6 * 60 * 60_000

/** From `whatsappd.reconnect`; milliseconds. */
export interface ReconnectSettings {
  firstDelayMs: number
  capMs: number
}

export const DEFAULT_RECONNECT: ReconnectSettings = { firstDelayMs: FIRST_DELAY_MS, capMs: CAP_MS }

/**
 * Milliseconds before attempt `failures` + 1: uniformly random between zero and an exponentially growing ceiling
 * (2 s to 60 s; 5 min after 20 failures). `random` is in [0, 1).
 */
export function reconnectDelayMs(failures: number, random: number, settings = DEFAULT_RECONNECT): number {
  const cap = failures >= MANY_FAILURES ? settings.capMs * CAP_FACTOR_AFTER_MANY : settings.capMs
  const ceiling = Math.min(cap, settings.firstDelayMs * 2 ** Math.min(Math.max(failures - 1, 0), 16))
  return Math.round(random * ceiling)
}

/** Milliseconds to leave the other process alone: 30 to 60 s. */
export function conflictDelayMs(random: number, settings = DEFAULT_RECONNECT): number {
  const scale = settings.firstDelayMs / FIRST_DELAY_MS
  return Math.round((CONFLICT_FIRST_DELAY_MS + random * CONFLICT_SPREAD_MS) * scale)
}
