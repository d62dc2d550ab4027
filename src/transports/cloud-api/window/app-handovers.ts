import type { WindowRow } from './window-store.ts'

/**
 * Whether another app has the chat after a person's message; `null` where the message is late and says nothing of now. Webhooks come in any
 * order: what counts is when each thing happened, in whole seconds. Of the same second what is for us counts.
 */
export function heldAfterMessage(
  known: readonly WindowRow[],
  { at, isForApp }: { at: number; isForApp: boolean },
): boolean | null {
  const last = latest(known, ({ last_at }) => last_at)
  const handed = latest(known, ({ handed_at }) => handed_at ?? 0)
  if (last !== null && at < last.last_at) return null
  if (handed !== null && at < (handed.handed_at ?? 0)) return null
  if (!isForApp) return false
  const isGivenBack = handed !== null && handed.handed_at === at && handed.handed_to_app === 0
  const isOurs = last !== null && last.last_at === at && last.last_for_app === 0
  return isGivenBack || isOurs ? null : true
}

/** Whether a handover is news: nothing later is known of who has the chat. */
export function isNewHandover(
  known: readonly WindowRow[],
  { at, isToApp }: { at: number; isToApp: boolean },
): boolean {
  const handed = latest(known, ({ handed_at }) => handed_at ?? 0)
  if (handed !== null && at < (handed.handed_at ?? 0)) return false
  const last = latest(known, ({ last_at }) => last_at)
  // A later message tells itself for whom it was.
  return last === null || at >= last.last_at || isToApp === (last.last_for_app === 1)
}

function latest(rows: readonly WindowRow[], timeOf: (row: WindowRow) => number): WindowRow | null {
  let found: WindowRow | null = null
  for (const row of rows) if (timeOf(row) > 0 && (found === null || timeOf(row) > timeOf(found))) found = row
  return found
}
