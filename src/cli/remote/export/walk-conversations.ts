import type { WhatsappdClient } from '../../../client/client.ts'
import { RequestError } from '../../../client/request-error.ts'
import type { ConversationView } from '../../../protocol/conversations/conversation-view.ts'

const PAGE = 100

/**
 * Every conversation of an account, or the one that is named. The whole list is read before the first one is given out: the daemon
 * remembers few walks through a list, and not for as long as an export takes. Two that become one meanwhile come once; again where the one
 * was given out before the other joined it, so that nothing is left out. Rejects with `RequestError`.
 */
export async function* walkConversations(
  client: Pick<WhatsappdClient, 'request'>,
  account: string,
  named: string | undefined,
): AsyncGenerator<ConversationView, void, void> {
  const walked = new Set<string>()
  for (const id of named === undefined ? await idsOf(client, account) : [named]) {
    if (walked.has(id)) continue
    const found = await orNull(client.request('conversations.get', { account, conversation: id }))
    if (found === null) continue
    walked.add(id).add(found.conversation.conversationId)
    yield found.conversation
  }
}

async function idsOf(client: Pick<WhatsappdClient, 'request'>, account: string): Promise<Set<string>> {
  const ids = new Set<string>()
  let cursor: string | null = null
  do {
    const page: { conversations: ConversationView[]; cursor: string | null } = await client.request(
      'conversations.list',
      { account, limit: PAGE, ...(cursor !== null && { cursor }) },
    )
    for (const { conversationId } of page.conversations) ids.add(conversationId)
    cursor = page.cursor
  } while (cursor !== null)
  return ids
}

async function orNull<Result>(asked: Promise<Result>): Promise<Result | null> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof RequestError && error.code === 'conversation_not_found') return null
    throw error
  }
}
