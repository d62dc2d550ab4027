import type { WhatsappdClient } from '../../../client/client.ts'
import type { RequestError } from '../../../client/request-error.ts'
import type { MethodParams } from '../../../protocol/methods.ts'
import type { MessageView } from '../../../protocol/conversations/message-view.ts'
import type { MediaFiles } from './media-files.ts'
import { toRequestError } from './to-request-error.ts'

/** The daemon was not reached, or nobody knows whether it was: with the same `clientMessageId` it is asked again, and sends once. */
const OF_CONNECTION: ReadonlySet<string> = new Set(['connection_lost', 'daemon_offline', 'timeout', 'closed'])
/** WhatsApp takes no longer caption. */
const MAX_CAPTION = 1_000

export type SentTemplate = NonNullable<MethodParams<'messages.send'>['template']>

/** A message that the person has sent and the daemon has not told of yet. */
export interface OutgoingMessage {
  clientMessageId: string
  /** `conversationId`. */
  conversation: string
  text: string
  file: File | null
  /** Under which id the daemon keeps the file; `null` before. */
  mediaId: string | null
  quote: MessageView | null
  /** It is made from this template, and `text` is what the person gets; `null` for a text of one's own. */
  template: SentTemplate | null
  /** ISO 8601, by the local clock. */
  at: string
  /** Under which id the daemon has stored it; `null` before. */
  messageId: string | null
  /** Why the daemon refused it; `null` while it is under way. */
  error: RequestError | null
}

export interface OutgoingMessagesDeps {
  client: Pick<WhatsappdClient, 'request'>
  account: string
  media: Pick<MediaFiles, 'upload'>
  changed: () => void
}

/**
 * What the person sends, one message of a conversation after the other, each with an id of its own: lost connections send nothing twice.
 * A message stays until the daemon tells of it, or until the person gives it up.
 */
export class OutgoingMessages {
  readonly #deps: OutgoingMessagesDeps
  #messages: readonly OutgoingMessage[] = []
  /** By conversation: the end of what is under way. */
  readonly #lanes = new Map<string, Promise<void>>()

  constructor(deps: OutgoingMessagesDeps) {
    this.#deps = deps
  }

  /** The oldest first. */
  of(conversation: string): OutgoingMessage[] {
    return this.#messages.filter((each) => each.conversation === conversation)
  }

  /** Sends a text, or files with the text below the first one that can have one. */
  send(conversation: string, text: string, files: readonly File[], quote: MessageView | null): void {
    const captioned = text.length <= MAX_CAPTION ? files.find((file) => kindOf(file) !== 'audio') : undefined
    const parts: Pick<OutgoingMessage, 'text' | 'file'>[] = files.map((file) => ({
      file,
      text: file === captioned ? text : '',
    }))
    if (captioned === undefined && text !== '') parts.unshift({ text, file: null })
    this.#add(
      parts.map((part, index) => newMessage(conversation, { ...part, quote: index === 0 ? quote : null })),
    )
  }

  /** Sends what was made from a template; `text` is what the person gets. */
  sendTemplate(conversation: string, text: string, template: SentTemplate): void {
    this.#add([newMessage(conversation, { text, template })])
  }

  /** Asks the daemon once more, under the same id. */
  retry(clientMessageId: string): void {
    const message = this.#messages.find((each) => each.clientMessageId === clientMessageId)
    if (message === undefined || message.error === null) return
    this.#change(clientMessageId, { error: null })
    this.#queue(message)
  }

  /** Forgets one that the daemon refused. */
  discard(clientMessageId: string): void {
    this.#set(this.#messages.filter((each) => each.clientMessageId !== clientMessageId))
  }

  /** Everything that is sent to a conversation that was erased is given up. */
  forget(conversation: string): void {
    this.#set(this.#messages.filter((each) => each.conversation !== conversation))
  }

  /** What is sent to a conversation goes on to the one that it has turned out to be. */
  move(formerId: string, conversation: string): void {
    this.#set(
      this.#messages.map((each) => (each.conversation === formerId ? { ...each, conversation } : each)),
    )
  }

  /** The daemon tells of this message. */
  settle({ messageId, clientMessageId }: MessageView): void {
    const others = this.#messages.filter(
      (each) => each.messageId !== messageId && each.clientMessageId !== clientMessageId,
    )
    if (others.length < this.#messages.length) this.#set(others)
  }

  /** After a connection was made: sends what the last one has lost. What the daemon has stored is in its own list. */
  resume(): void {
    this.#set(this.#messages.filter(({ messageId }) => messageId === null))
    for (const { clientMessageId, error } of this.#messages)
      if (error !== null && OF_CONNECTION.has(error.code)) this.retry(clientMessageId)
  }

  #add(messages: readonly OutgoingMessage[]): void {
    this.#set([...this.#messages, ...messages])
    for (const message of messages) this.#queue(message)
  }

  #queue(message: OutgoingMessage): void {
    const lane = this.#lanes.get(message.conversation) ?? Promise.resolve()
    const next = lane.then(() => this.#post(message))
    this.#lanes.set(message.conversation, next)
    void next.then(() => {
      if (this.#lanes.get(message.conversation) === next) this.#lanes.delete(message.conversation)
    })
  }

  async #post({ clientMessageId }: OutgoingMessage): Promise<void> {
    const { client, account } = this.#deps
    const message = this.#messages.find((each) => each.clientMessageId === clientMessageId)
    if (message === undefined) return
    const { conversation, text, file, quote, template } = message
    try {
      const content =
        template !== null
          ? { template }
          : file === null
            ? { text }
            : {
                media: {
                  mediaId: message.mediaId ?? (await this.#upload(clientMessageId, file)),
                  kind: kindOf(file),
                  name: file.name,
                  ...(text !== '' && { caption: text }),
                },
              }
      const { messageId } = await client.request('messages.send', {
        account,
        conversation,
        clientMessageId,
        ...content,
        ...(quote !== null && { quote: quote.messageId }),
      })
      this.#change(clientMessageId, { messageId })
    } catch (cause) {
      const error = toRequestError(cause)
      // The daemon has deleted the file: the next time it is uploaded again.
      const isGone = error.code === 'media_not_found'
      this.#change(clientMessageId, isGone ? { error, mediaId: null } : { error })
    }
  }

  /** Once: what is asked again names the same file. */
  async #upload(clientMessageId: string, file: File): Promise<string> {
    const mediaId = await this.#deps.media.upload(file)
    this.#change(clientMessageId, { mediaId })
    return mediaId
  }

  #change(clientMessageId: string, change: Partial<OutgoingMessage>): void {
    this.#set(
      this.#messages.map((each) =>
        each.clientMessageId === clientMessageId ? { ...each, ...change } : each,
      ),
    )
  }

  #set(messages: readonly OutgoingMessage[]): void {
    this.#messages = messages
    this.#deps.changed()
  }
}

function newMessage(conversation: string, what: Partial<OutgoingMessage>): OutgoingMessage {
  return {
    clientMessageId: crypto.randomUUID(),
    conversation,
    text: '',
    file: null,
    quote: null,
    template: null,
    at: new Date().toISOString(),
    mediaId: null,
    messageId: null,
    error: null,
    ...what,
  }
}

/** As what it is shown; the daemon looks at its bytes. */
function kindOf({ type }: File): 'image' | 'video' | 'audio' | 'document' {
  if (/^image\/(?:jpeg|png|webp)$/.test(type)) return 'image'
  if (/^video\/(?:mp4|3gpp|quicktime)$/.test(type)) return 'video'
  return type.startsWith('audio/') ? 'audio' : 'document'
}
