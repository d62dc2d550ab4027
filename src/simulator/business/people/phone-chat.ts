import { createHash } from 'node:crypto'

/** How long "typing…" is shown when nothing comes. */
const TYPING_MS = 25_000

/** A file as the person's phone shows it. */
export interface ShownFile {
  kind: 'image' | 'video' | 'audio' | 'voice' | 'document' | 'sticker'
  bytes: Buffer
  mimeType: string
  name: string | null
  caption: string
}

/** Buttons, or the rows of a list. */
export interface ShownChoices {
  button: string | null
  options: { id: string; title: string; description: string | null }[]
}

/** A message of the business on a person's phone, or one that the person wrote. */
export interface ShownMessage {
  id: string
  isOwn: boolean
  /** Of Meta: `text`, `image`, `template`, … */
  type: string
  text: string
  quotedId: string | null
  file: ShownFile | null
  choices: ShownChoices | null
  template: { name: string; language: string } | null
  /** Asks for the person's number. */
  asksForNumber: boolean
  place: { latitude: number; longitude: number; name: string | null; address: string | null } | null
  people: { name: string; phoneNumbers: string[] }[]
  /** Written by the owner, in the Business app. */
  byOwner: boolean
  at: number
  isEdited: boolean
  isDeleted: boolean
  status: 'sent' | 'delivered' | 'read' | null
}

/** What a person's phone shows of the chat with one business. */
export class PhoneChat {
  readonly messages: ShownMessage[] = []
  /** In the order in which they came; an empty `emoji` takes one back. */
  readonly reactions: { emoji: string; id: string }[] = []
  readonly ownReactions: { emoji: string; id: string }[] = []
  /** The person's own messages that are marked as read. */
  readonly readIds: string[] = []
  #typingUntil = 0

  showTyping(nowMs: number): void {
    this.#typingUntil = nowMs + TYPING_MS
  }

  isTyping(nowMs: number): boolean {
    return nowMs < this.#typingUntil
  }

  show(message: ShownMessage): void {
    if (!message.isOwn) this.#typingUntil = 0
    this.messages.push(message)
  }

  find(id: string): ShownMessage | undefined {
    return this.messages.findLast((message) => message.id === id)
  }
}

/** A picture of the chat for tests: what the business wrote, by kinds. */
export interface SeenByPerson {
  /** One entry for each time that words are shown; those of choices and templates, too. */
  texts: { id: string; text: string; quotedId: string | null }[]
  reactions: { emoji: string; id: string }[]
  /** The person's own messages that are marked as read. */
  readIds: string[]
  isTyping: boolean
  /** `sha256` in hex. */
  files: (ShownFile & { id: string; sha256: string; quotedId: string | null })[]
  templates: { id: string; name: string; language: string; text: string }[]
  choices: (ShownChoices & { id: string; text: string })[]
  /** Everything, also what the person wrote, as the phone shows it; oldest first. */
  messages: readonly ShownMessage[]
}

export function seenIn(chat: PhoneChat, nowMs: number): SeenByPerson {
  const theirs = chat.messages.filter(({ isOwn }) => !isOwn)
  return {
    texts: theirs
      .filter(({ file }) => file === null)
      .map(({ id, text, quotedId }) => ({ id, text, quotedId })),
    reactions: [...chat.reactions],
    readIds: [...chat.readIds],
    isTyping: chat.isTyping(nowMs),
    files: theirs.flatMap(({ id, file, quotedId }) =>
      file === null
        ? []
        : [{ ...file, id, quotedId, sha256: createHash('sha256').update(file.bytes).digest('hex') }],
    ),
    templates: theirs.flatMap(({ id, text, template }) =>
      template === null ? [] : [{ id, text, ...template }],
    ),
    choices: theirs.flatMap(({ id, text, choices }) => (choices === null ? [] : [{ id, text, ...choices }])),
    messages: chat.messages,
  }
}
