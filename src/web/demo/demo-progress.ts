import type { AccountState } from '../../protocol/account/account-states.ts'
import type { PhoneView } from '../../protocol/demo-state.ts'

export interface DemoStep {
  title: string
  detail: string
  status: 'done' | 'now' | 'later'
}

/** The three first steps in the demo, and which of them are done. */
export function demoProgress(
  state: AccountState | null,
  owner: PhoneView | null,
  contacts: readonly PhoneView[],
): DemoStep[] {
  const isLinked = (owner?.linkedDevices.length ?? 0) > 0
  const isAsked = owner !== null && owner.passkeyLink !== null
  const isConnected = state === 'connected'
  const isAnswered = contacts.some((contact) =>
    contact.chats.some((chat) => chat.messages.some((message) => message.direction === 'in')),
  )
  const hasOffer = isLinked || isAsked || isConnected || state === 'awaiting_scan' || state === 'confirming'
  const name = contacts[0]?.name ?? 'the contact'
  const done = [hasOffer, isConnected, isConnected && isAnswered]
  const now = done.indexOf(false)
  const steps = [
    { title: 'Generate QR code', detail: 'on the card' },
    { title: 'Scan it', detail: "with the owner's phone" },
    { title: `Write as ${name}`, detail: 'and the assistant answers' },
  ]
  return steps.map((step, index) => ({
    ...step,
    status: index === now ? 'now' : now === -1 || index < now ? 'done' : 'later',
  }))
}
