import type { ConversationsPort, TakeoverPort } from '../../../src/control/ports.ts'
import type { ConversationView } from '../../../src/protocol/conversations/conversation-view.ts'
import type { MessageView } from '../../../src/protocol/conversations/message-view.ts'
import { DaemonError } from '../../../src/protocol/errors.ts'

const SINCE = '2026-01-02T03:04:05.000Z'

function conversationView(overrides: Partial<ConversationView> = {}): ConversationView {
  return {
    account: 'default',
    conversationId: '7',
    conversation: '+15555550101',
    kind: 'direct',
    name: 'Alice',
    phoneNumber: '+15555550101',
    source: 'linked-device',
    unread: 1,
    lastMessage: {
      messageId: '3EB0QUESTION',
      from: 'person',
      text: 'the question',
      kind: 'message',
      at: SINCE,
      state: 'received',
    },
    lastAt: SINCE,
    assistant: { state: 'on', pausedBy: null, since: null, until: null, reason: null },
    isAllowed: true,
    window: null,
    fields: [],
    ...overrides,
  }
}

function messageView(overrides: Partial<MessageView> = {}): MessageView {
  return {
    messageId: '3EB0QUESTION',
    conversationId: '7',
    from: 'person',
    sender: { name: 'Alice', phoneNumber: '+15555550101' },
    kind: 'message',
    text: 'the question',
    at: SINCE,
    editedAt: null,
    isRevoked: false,
    quote: null,
    reactions: [],
    files: [],
    transcript: null,
    details: [],
    state: 'received',
    failure: null,
    answered: 'answered',
    clientMessageId: null,
    ...overrides,
  }
}

/** What was said in an account, as plain state that a test sets. */
export class FakeConversations {
  views: ConversationView[] = [conversationView()]
  messages: MessageView[] = [messageView()]

  port(called: (method: string) => void): ConversationsPort {
    return {
      list: () => {
        called('conversations.list')
        return { conversations: this.views, cursor: null }
      },
      listNamed: () => {
        called('conversations.list')
        return Promise.resolve({ conversations: this.views, cursor: null })
      },
      get: (named) => {
        called('conversations.get')
        const found = this.views.find(
          ({ conversationId, conversation }) => named === conversationId || named === conversation,
        )
        if (found === undefined) throw new DaemonError('conversation_not_found')
        return found
      },
      messages: () => {
        called('conversations.messages')
        return { messages: this.messages, before: null, after: null }
      },
      search: ({ text }) => {
        called('conversations.search')
        const hits = this.messages
          .filter((message) => message.text.includes(text))
          .map(({ conversationId, messageId, from, at }) => ({
            conversationId,
            conversation: this.views[0]?.conversation ?? '',
            messageId,
            from,
            at,
            snippet: [{ text, isHit: true }],
          }))
        return Promise.resolve({ hits, cursor: null, indexing: false })
      },
      text: () => {
        called('conversations.text')
        return { text: 'the whole text', next: null }
      },
      markRead: () => {
        called('conversations.markRead')
        return { conversationId: '7', unread: 0 }
      },
      message: (_named, messageId) => this.messages.find((view) => view.messageId === messageId) ?? null,
    }
  }

  takeover(called: (method: string) => void): TakeoverPort {
    const held = (assistant: Partial<ConversationView['assistant']>) => ({
      conversationId: '7',
      assistant: {
        state: 'on' as const,
        pausedBy: null,
        since: null,
        until: null,
        reason: null,
        ...assistant,
      },
    })
    return {
      takeOver: (_named, by) => {
        called(`conversations.takeOver by ${by}`)
        return held({ state: 'paused', pausedBy: by, since: SINCE })
      },
      resume: () => {
        called('conversations.resume')
        return held({})
      },
      setAssistant: (_named, isOn) => {
        called(`conversations.setAssistant ${isOn}`)
        return held(isOn ? {} : { state: 'off', since: SINCE })
      },
    }
  }
}
