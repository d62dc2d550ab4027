/** What an event is about, as its payload names it. */
interface Traced {
  messageId?: string | undefined
  turn?: string | undefined
}

/** Throws while the files of the account are closed. `null`: there are no traces, or nothing is kept of what it is about. */
export type TraceparentOf = (account: string, about: Traced) => string | null

/** The header of W3C Trace Context with which an event is posted; `null` where it is about no message, or there are no traces. Never throws. */
export function traceparentFor(of: TraceparentOf, payload: object): string | null {
  const { account, messageId, turn }: Record<string, unknown> = { ...payload }
  if (typeof account !== 'string') return null
  try {
    if (typeof messageId === 'string') return of(account, { messageId })
    return typeof turn === 'string' ? of(account, { turn }) : null
  } catch {
    // An event is posted, traced or not.
    return null
  }
}
