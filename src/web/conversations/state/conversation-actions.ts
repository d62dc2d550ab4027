import type { LiveView } from '../../card/state/live-view.ts'

/** What a person can do with one conversation. Each resolves true when the daemon did it. */
export interface ConversationActions {
  /** Silences the assistant there, for as long as the config says. */
  takeOver(): Promise<boolean>
  /** Lets the assistant answer again. */
  resume(): Promise<boolean>
  setAssistant(isOn: boolean): Promise<boolean>
  /** One emoji; `''` takes the reaction back. */
  react(messageId: string, emoji: string): Promise<boolean>
  /** Sends words with a button by which the person shares their number. */
  requestNumber(words: string): Promise<boolean>
  /** Sends a message that failed again. */
  retry(messageId: string): Promise<boolean>
  /** Erases a message that failed or waits. */
  discard(messageId: string): Promise<boolean>
  /** Sets what is noted about the person; `null` takes it away. */
  setFields(fields: Record<string, string | null>): Promise<boolean>
  /** Erases everything that was said there. */
  forget(): Promise<boolean>
}

/** The whole file of the account is written anew. */
const SLOW = { timeoutMs: 600_000 }

/** The actions of one conversation, run through `live`, which shows the action in progress and the last failure. */
export function conversationActions(
  live: LiveView,
  account: string,
  conversation: string,
): ConversationActions {
  const chat = { account, conversation }
  const run: LiveView['perform'] = (action, work) => live.perform(action, work)
  return {
    takeOver: () => run('assistant', (client) => client.request('conversations.takeOver', chat)),
    resume: () => run('assistant', (client) => client.request('conversations.resume', chat)),
    setAssistant: (isOn) =>
      run('assistant', (client) => client.request('conversations.setAssistant', { ...chat, on: isOn })),
    react: (messageId, emoji) =>
      run(`message ${messageId}`, (client) =>
        client.request('messages.react', {
          ...chat,
          messageId,
          emoji,
          clientMessageId: crypto.randomUUID(),
        }),
      ),
    requestNumber: (words) =>
      run('requestNumber', (client) =>
        client.request('messages.send', {
          ...chat,
          text: words,
          requestNumber: true,
          clientMessageId: crypto.randomUUID(),
        }),
      ),
    retry: (messageId) =>
      run(`message ${messageId}`, (client) => client.request('outbox.retry', { account, messageId })),
    discard: (messageId) =>
      run(`message ${messageId}`, (client) => client.request('outbox.discard', { account, messageId })),
    setFields: (fields) =>
      run('fields', (client) => client.request('conversations.setContact', { ...chat, fields })),
    forget: () =>
      run('forget', (client) => client.request('conversations.forget', { ...chat, confirm: true }, SLOW)),
  }
}
