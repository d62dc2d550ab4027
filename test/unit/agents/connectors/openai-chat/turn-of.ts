import type { Turn } from '../../../../../src/agents/agent.ts'

/** A question in a direct chat. */
export function turnOf(text: string, history: Turn['history'] = []): Turn {
  return {
    id: 'T',
    account: 'default',
    conversation: '+15550001111',
    isGroup: false,
    sender: { phoneNumber: '+15550001111', name: null },
    messages: [{ id: 'M', text, sentAt: new Date(0), quoted: null }],
    history,
    catchUp: false,
    deadline: new Date(Date.now() + 60_000),
  }
}
