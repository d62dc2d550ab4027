import type { WhatsappdClient } from '../../../client/client.ts'
import { RequestError } from '../../../client/request-error.ts'
import type { ConversationView } from '../../../protocol/conversations/conversation-view.ts'
import type { MessageView } from '../../../protocol/conversations/message-view.ts'

const PAGE = 100

/** A line of an export: a message with its whole text, and where it was said. It only grows. */
export interface ExportedMessage extends Omit<MessageView, 'isCut'> {
  account: string
  /** What events call the conversation. */
  conversation: string
  /** Under which assistants remember it; absent from older daemons. */
  sessionId?: string | undefined
}

/** Every message of a conversation, oldest first, page by page. Rejects with `RequestError`. */
export async function* exportedMessages(
  client: Pick<WhatsappdClient, 'request'>,
  { account, conversationId, conversation, sessionId }: ConversationView,
): AsyncGenerator<ExportedMessage, void, void> {
  let after: string | null = 'start'
  while (after !== null) {
    const page: { messages: MessageView[]; after: string | null } | null = await pageOf(
      client.request('conversations.messages', { account, conversation: conversationId, after, limit: PAGE }),
    )
    for (const message of page?.messages ?? []) {
      const { isCut, ...view } = message
      const text = isCut === true ? await wholeText(client, account, message) : view.text
      yield { account, conversation, ...(sessionId && { sessionId }), ...view, text }
    }
    after = page?.after ?? null
  }
}

/** `null`: it was forgotten meanwhile. */
async function pageOf<Page>(asked: Promise<Page>): Promise<Page | null> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof RequestError && error.code === 'conversation_not_found') return null
    throw error
  }
}

async function wholeText(
  client: Pick<WhatsappdClient, 'request'>,
  account: string,
  { conversationId, messageId, text: beginning }: MessageView,
): Promise<string> {
  const pieces: string[] = []
  let offset: number | null = 0
  try {
    while (offset !== null) {
      const piece: { text: string; next: number | null } = await client.request('conversations.text', {
        account,
        conversation: conversationId,
        messageId,
        offset,
      })
      pieces.push(piece.text)
      offset = piece.next
    }
  } catch (error) {
    // Deleted meanwhile.
    if (error instanceof RequestError && error.code === 'message_not_found') return beginning
    throw error
  }
  return pieces.join('')
}
