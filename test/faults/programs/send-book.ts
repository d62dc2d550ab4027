import type { Person } from '../cast.ts'

/** What the words of programs begin with; nobody in the cast has it. */
const LETTER = 'P'

/** A text that a program wants to send: made of words that nobody else writes. */
export interface Request {
  /** Its own id for it, and its first word. */
  readonly name: string
  readonly index: number
  readonly run: number
  readonly isOwners: boolean
  /** JID of the group that it is for; `null`: for a person alone. */
  readonly chat: string | null
  readonly words: readonly string[]
  /** Who must see it, once it is accepted; nobody where it must be refused. */
  readonly audience: readonly Person[]
  /** By person: the message that brought it. */
  readonly shownBy: Map<Person, string>
  state: 'open' | 'accepted' | 'refused' | 'ended'
  /** Its id at WhatsApp, once the daemon has told it. */
  messageId: string | null
}

/** What a message with words of a program is to the one who sees it. */
export type Seen = 'awaited' | 'again' | 'refused' | 'not-theirs' | 'disordered'

/** Every text that programs send: one that is accepted arrives once, one that is refused does not, and each chat keeps its order. */
export class SendBook {
  readonly #byWord = new Map<string, Request>()
  readonly #requests: Request[] = []
  /** By chat and person: the latest one that was seen there. */
  readonly #reached = new Map<string, number>()

  write(o: {
    length: number
    run: number
    isOwners: boolean
    chat: string | null
    audience: readonly Person[]
  }): Request {
    const { length, run, isOwners, chat, audience } = o
    const index = this.#requests.length + 1
    const name = `${LETTER}${index}`
    const words = Array.from({ length }, (_, place) => (place === 0 ? name : `${name}.${place}`))
    const made = { name, index, run, isOwners, chat, words, audience, shownBy: new Map(), messageId: null }
    const request: Request = { ...made, state: 'open' }
    this.#requests.push(request)
    for (const word of words) this.#byWord.set(word, request)
    return request
  }

  /** The request that these words are of; `undefined` where a program has written nothing of them. */
  requestIn(words: readonly string[]): Request | undefined {
    const request = this.#byWord.get(words[0] ?? '')
    return request !== undefined && request.words.join(' ') === words.join(' ') ? request : undefined
  }

  /** Somebody sees it in a chat (`null`: alone with the assistant), in the message with this id. */
  seen(request: Request, person: Person, { chat, id }: { chat: string | null; id: string }): Seen {
    if (request.state === 'refused') return 'refused'
    if (request.chat !== chat || !request.audience.includes(person)) return 'not-theirs'
    if (request.shownBy.has(person) || (request.messageId !== null && request.messageId !== id))
      return 'again'
    request.shownBy.set(person, id)
    const stream = `${person.letter} ${chat ?? ''}`
    const before = this.#reached.get(stream) ?? 0
    this.#reached.set(stream, Math.max(before, request.index))
    return before > request.index ? 'disordered' : 'awaited'
  }

  /** Accepted, and not seen by everybody yet. */
  get outstanding(): Request[] {
    return this.#requests.filter(
      ({ state, audience, shownBy }) => state === 'accepted' && shownBy.size < audience.length,
    )
  }

  /** Whether a message of this id is one that the owner sent from a dashboard. */
  isOwners(messageId: string): boolean {
    return this.#requests.some((request) => request.isOwners && request.messageId === messageId)
  }
}
