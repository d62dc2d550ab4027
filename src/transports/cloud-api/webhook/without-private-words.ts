import type { Sink } from '../../../messaging/sink.ts'
import type { BusinessPeople, SeenPerson } from '../identity/business-people.ts'
import { otherSideIn, recipientIn } from '../identity/people-in.ts'
import { type Fields, timeIn } from '../inbound/fields.ts'
import type { BusinessUpdate } from './business-update.ts'

export interface PrivateWordsDependencies {
  people: Pick<BusinessPeople, 'preview'>
  sink: Pick<Sink, 'keepsOwnerWords' | 'wantsPast'>
  now: () => number
}

/** What makes a message itself, and who it is between. */
const WORDLESS = ['id', 'type', 'timestamp', 'from', 'to', 'to_user_id', 'to_parent_user_id'] as const

/**
 * The update as it may be written to the disk: without a word of what the owner and a person who may not write say to each other; `null`
 * where nothing of it may. A deletion has no words. Throws `StorageError`.
 */
export function withoutPrivateWords(
  update: BusinessUpdate,
  deps: PrivateWordsDependencies,
): BusinessUpdate | null {
  if (update.kind === 'past') {
    if (!deps.sink.wantsPast) return null
    return mayBeKept(update, otherSideIn(update.context), deps) ? update : wordless(update)
  }
  if (update.kind !== 'echo' || update.message['type'] === 'revoke') return update
  if (update.isForApp === true) return wordless(update)
  return mayBeKept(update, recipientIn(update.message, update.contact), deps) ? update : wordless(update)
}

type Between = Extract<BusinessUpdate, { kind: 'echo' | 'past' }>

function mayBeKept(
  { message, business }: Between,
  named: Omit<SeenPerson, 'business' | 'at'>,
  { people, sink, now }: PrivateWordsDependencies,
): boolean {
  const at = Math.min(timeIn(message['timestamp']) ?? now(), now())
  const other = people.preview({ ...named, business, at })
  return other !== null && sink.keepsOwnerWords(other)
}

function wordless(update: Between): Between {
  const message: Fields = Object.fromEntries(WORDLESS.map((key) => [key, update.message[key]]))
  return { ...update, message, isWithoutWords: true }
}
