import type { Turn, TurnMessage } from '../../src/agents/agent.ts'

/** A turn of one question in a direct chat, "hello", with what a test changes of it. */
export function turnOf({ text, ...more }: Partial<Turn> & { text?: string | undefined } = {}): Turn {
  return {
    id: 'T',
    account: 'default',
    conversation: '+15550001111',
    conversationId: '1',
    sessionId: 'wa_15550001111',
    isGroup: false,
    chat: { kind: 'direct', name: null },
    sender: { phoneNumber: '+15550001111', id: null, name: null, isOwner: false },
    messages: [turnMessageOf({ text: text ?? 'hello' })],
    history: [],
    instructions: null,
    model: null,
    askedAt: new Date(0),
    timeZone: 'UTC',
    catchUp: false,
    deadline: new Date(Date.now() + 60_000),
    ...more,
  }
}

export function turnMessageOf(more: Partial<TurnMessage> = {}): TurnMessage {
  return { id: 'M', text: '', sentAt: new Date(0), mentions: [], attachments: [], quoted: null, ...more }
}

const FACTS = /\[turn (\S+): [^]*?\n\[\/turn \1\]\n\n/

/** A text without the block of facts in it (`describeTurn`). */
export function withoutFacts(text: string): string {
  return text.replace(FACTS, '')
}

/** That block alone; empty where there is none. */
export function factsIn(text: string): string {
  return FACTS.exec(text)?.[0] ?? ''
}
