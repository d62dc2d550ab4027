import { withoutThoughts } from '../../../text/thought-filter.ts'
import type { PairingStore } from '../../pairing/pairing-store.ts'
import type { LastMessageRow, MessageRow } from './message-rows.ts'

export interface ShownWordsDependencies {
  pairing: Pick<PairingStore, 'hasCode'>
}

/**
 * The words of a message as views show them, files named in brackets; none of a message that carries a live code. Earlier versions stored
 * what models thought.
 */
export function shownWords({ pairing }: ShownWordsDependencies, row: MessageRow | LastMessageRow): string {
  if (row.isReply === 0) return row.text
  if (pairing.hasCode(row.message_id)) return ''
  const spoken = withoutThoughts(row.text)
  return spoken === row.text ? spoken : spoken.trim()
}
