/** What takes a chat over. `agent`: a program that answers turns asked for it. `app`: another app that answers on the same number. */
export type HoldBy = 'phone' | 'dashboard' | 'api' | 'command' | 'agent' | 'app'

/** `owner_wrote`: words of the owner there. `taken_over`: a button or a call. `command`: `/pause`. */
type HoldReason = 'owner_wrote' | 'taken_over' | 'command'

/** Who holds a conversation. Times are milliseconds since 1970, by this machine's clock. */
export interface Hold {
  /** Since when the assistant is silent there; `null` while it is not paused. Of a hold that `isActive` denies, it is over. */
  pausedAt: number | null
  by: HoldBy
  reason: HoldReason
  /** When it answers again by itself; `null` for never. */
  until: number | null
  /** From when the minutes count. */
  renewedAt: number | null
  /** Whether the minutes are those of `takeover.minutes`, also when that changes. */
  followsSetting: boolean
  /** Since when it is switched off there. */
  offSince: number | null
  /** The last hold that is over. */
  heldFrom: number | null
  heldUntil: number | null
}

/** Nobody holds it. */
export const NO_HOLD: Hold = {
  pausedAt: null,
  by: 'command',
  reason: 'command',
  until: null,
  renewedAt: null,
  followsSetting: false,
  offSince: null,
  heldFrom: null,
  heldUntil: null,
}

/** Whether somebody has taken the chat over at this time. Its timer may be late. */
export function isPaused({ pausedAt, until }: Pick<Hold, 'pausedAt' | 'until'>, now: number): boolean {
  return pausedAt !== null && (until === null || now < until)
}

/**
 * Of two conversations that turn out to be one: silent if one of them was, by the hold that ends last, from the beginning of the earlier one;
 * off if one of them was.
 */
export function mergedHold(one: Hold, other: Hold): Hold {
  const [last, first] = endOf(one) >= endOf(other) ? [one, other] : [other, one]
  const [held, earlier] = (one.heldUntil ?? 0) >= (other.heldUntil ?? 0) ? [one, other] : [other, one]
  return {
    ...last,
    pausedAt: earliest(last.pausedAt, first.pausedAt),
    offSince: earliest(one.offSince, other.offSince),
    heldFrom: held.heldFrom ?? earlier.heldFrom,
    heldUntil: held.heldUntil ?? earlier.heldUntil,
  }
}

function endOf({ pausedAt, until }: Hold): number {
  return pausedAt === null ? Number.NEGATIVE_INFINITY : (until ?? Number.POSITIVE_INFINITY)
}

function earliest(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other
  return Math.min(one, other)
}
