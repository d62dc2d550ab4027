import type { CastGroup, Person } from './cast.ts'

/** Where something is written: in a group, or alone with the assistant. */
export interface Place {
  /** `null` where the person is alone with the assistant. */
  group: CastGroup | null
  /** JID of the group; `null` elsewhere. */
  chat: string | null
  /** Whether the assistant answers here. */
  isAnswered: boolean
}

/** Something that a person wrote. */
export interface Question {
  readonly author: Person
  readonly place: Place
  /** Its first word, which no other text has. */
  readonly name: string
  readonly index: number
  readonly run: number
  /** Words of each version: of the text as it was written, and as it was edited. */
  readonly lengths: number[]
  /** Who must see the answer; nobody where none may come. */
  readonly audience: readonly Person[]
  /** By person: which version came back, and how many of its words are missing. */
  readonly answers: Map<Person, { version: number; missing: number }>
  isOverdue: boolean
  isDisordered: boolean
}

export interface Word {
  readonly question: Question
  readonly version: number
  readonly index: number
  /** Id of the first message that brought it back, by person. */
  readonly answeredBy: Map<Person, string>
}

/** Whether everybody has seen one version of the answer to its end. */
export function isComplete({ audience, answers }: Question): boolean {
  return audience.every((person) => answers.get(person)?.missing === 0)
}

/** Whether a person may see the answer to a question in this chat. */
export function mayBeSeen({ audience, place }: Question, person: Person, chat: string | null): boolean {
  return audience.includes(person) && place.chat === chat
}

export function isAfter(one: Word, other: Word): boolean {
  if (one.question === other.question) return one.index > other.index
  return one.question.index > other.question.index
}
