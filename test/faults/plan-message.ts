import type { AddressingMode } from '../../src/simulator/server/account.ts'
import { type CastGroup, CONTACTS, GROUPS, OWNER, type Person, STRANGERS } from './cast.ts'
import type { SeededRandom } from '../../src/simulator/seeded-random.ts'

const STRANGERS_SHARE = 0.1
const GROUPS_SHARE = 0.25
/** How many group texts name the assistant. */
const MENTIONS_SHARE = 0.3
/** More than one message holds: the answer comes in parts. */
const LONG_TEXT_WORDS = 1_000
const LONG_TEXT_SHARE = 0.01
/** How many short texts have a sequel, and how soon it comes. */
const SEQUELS_SHARE = 0.2
const SEQUEL_LIMIT_MS = 400
/** How many texts come with a file, and how large one is. */
const FILES_SHARE = 0.15
const FILE_BYTES = [200, 20_000, 300_000] as const
/** How many texts come in an envelope that names somebody else as their author. */
const FORGED_SHARE = 0.08

/**
 * What becomes of a text: its author edits it, deletes it or reacts to it; somebody else in the group claims it as his
 * own and does so.
 */
export interface Sequel {
  kind: 'edit' | 'revoke' | 'react' | 'forged-edit' | 'forged-revoke' | 'false-administrator'
  by: Person
  /** After the text was written, milliseconds. */
  afterMs: number
}

export interface PlannedMessage {
  afterMs: number
  person: Person
  addressing: AddressingMode
  words: number
  /** `null`: alone with the assistant. */
  group: CastGroup | null
  mentions: boolean
  /** A file of this size comes with the text; `null`: none. */
  fileBytes: number | null
  /** Whom the envelope names instead of its author: nobody owes an answer to that. */
  claims: Person | null
  sequel: Sequel | null
}

/** Draws something that somebody writes within `spanMs`. */
export function planMessage(
  random: SeededRandom,
  spanMs: number,
  addressing: ReadonlyMap<Person, AddressingMode>,
): PlannedMessage {
  const group = random.chance(GROUPS_SHARE) ? random.pick(GROUPS) : null
  const person =
    group === null
      ? random.pick(random.chance(STRANGERS_SHARE) ? STRANGERS : CONTACTS)
      : random.pick(group.members)
  const isLong = random.chance(LONG_TEXT_SHARE)
  const mode = addressing.get(person) ?? 'lid'
  const claims = random.chance(FORGED_SHARE) ? planClaim(random, person, group, mode) : null
  const fileBytes = !isLong && random.chance(FILES_SHARE) ? random.pick(FILE_BYTES) : null
  // The words of a file stay.
  const hasSequel = !isLong && claims === null && fileBytes === null && random.chance(SEQUELS_SHARE)
  return {
    afterMs: random.between(0, spanMs),
    person,
    addressing: mode,
    words: isLong ? LONG_TEXT_WORDS : random.between(1, 3),
    group,
    mentions: group !== null && random.chance(MENTIONS_SHARE),
    fileBytes,
    claims,
    sequel: hasSequel ? planSequel(random, person, group) : null,
  }
}

/** The owner writes to the assistant as one writes to oneself. */
export function noteToSelf(afterMs: number): PlannedMessage {
  return {
    afterMs,
    person: OWNER,
    addressing: 'lid',
    words: 1,
    group: null,
    mentions: false,
    fileBytes: null,
    claims: null,
    sequel: null,
  }
}

/** A planned message in words, for the history. */
export function describeMessage({
  afterMs,
  person,
  addressing,
  words,
  group,
  fileBytes,
  claims,
  sequel,
}: PlannedMessage): string {
  const place = group === null ? addressing : group.subject
  const length = words > 1 ? `x${words}` : ''
  const more = sequel === null ? '' : `+${sequel.kind}:${sequel.by.name}@${sequel.afterMs}`
  const author = claims === null ? person.name : `${person.name}-as-${claims.name}`
  const file = fileBytes === null ? '' : `+${fileBytes}B`
  return `${author}/${place}${length}${file}@${afterMs}${more}`
}

/** Somebody whose number and LID WhatsApp knows. Who is named by a number is that number, whatever LID comes with it. */
function planClaim(
  random: SeededRandom,
  author: Person,
  group: CastGroup | null,
  addressing: AddressingMode,
): Person | null {
  const canForge = author.isAllowed ? group === null && addressing === 'lid' : true
  const others = CONTACTS.filter((each) => each !== author && each.addressing === 'both')
  return canForge ? random.pick(others) : null
}

function planSequel(random: SeededRandom, author: Person, group: CastGroup | null): Sequel {
  const afterMs = random.between(0, SEQUEL_LIMIT_MS)
  const others = group?.members.filter((member) => member !== author) ?? []
  if (others.length > 0 && random.chance(0.4)) {
    const kind = random.pick(['forged-edit', 'forged-revoke', 'false-administrator'] as const)
    const [administrator] = group?.members ?? []
    const forgers = kind === 'false-administrator' ? others.filter((each) => each !== administrator) : others
    if (forgers.length > 0) return { kind, by: random.pick(forgers), afterMs }
  }
  return { kind: random.pick(['edit', 'revoke', 'react'] as const), by: author, afterMs }
}
