import type { AccountState } from '../../protocol/account/account-states.ts'
import type { PhoneView, SimulatorState } from '../../protocol/demo-state.ts'

const DAY_MS = 24 * 3_600_000

export interface DemoStep {
  title: string
  detail: string
  status: 'done' | 'now' | 'later'
}

interface Progress {
  state: AccountState | null
  owner: PhoneView | null
  contacts: readonly PhoneView[]
}

/** The three first steps in the demo, and which of them are done. `business`: in that of WhatsApp Business. */
export function demoProgress({
  business,
  ...progress
}: Progress & Pick<SimulatorState, 'business'>): DemoStep[] {
  const steps = business === null ? linkedDeviceSteps(progress) : businessSteps(progress, business.aheadMs)
  const now = steps.findIndex(({ isDone }) => !isDone)
  return steps.map(({ title, detail }, index) => ({
    title,
    detail,
    status: index === now ? 'now' : now === -1 || index < now ? 'done' : 'later',
  }))
}

type Step = Omit<DemoStep, 'status'> & { isDone: boolean }

function businessSteps({ owner, contacts }: Progress, aheadMs: number): Step[] {
  const name = contacts[0]?.name ?? 'the contact'
  const messages = contacts.flatMap(({ chats }) => chats.flatMap((chat) => chat.messages))
  const isAnswered = messages.some(({ direction }) => direction === 'in')
  const isByHand = owner?.chats.some((chat) =>
    chat.messages.some(({ direction, viaLinkedDevice }) => direction === 'out' && !viaLinkedDevice),
  )
  return [
    { title: `Write as ${name}`, detail: 'and the assistant answers', isDone: isAnswered },
    {
      title: 'Answer by hand',
      detail: 'in the Business app or the conversations',
      isDone: isAnswered && isByHand === true,
    },
    { title: 'Let a day pass', detail: 'then only templates reach people', isDone: aheadMs >= DAY_MS },
  ]
}

function linkedDeviceSteps({ state, owner, contacts }: Progress): Step[] {
  const isLinked = (owner?.linkedDevices.length ?? 0) > 0
  const isAsked = owner !== null && owner.passkeyLink !== null
  const isConnected = state === 'connected'
  const isAnswered = contacts.some((contact) =>
    contact.chats.some((chat) => chat.messages.some((message) => message.direction === 'in')),
  )
  const hasOffer = isLinked || isAsked || isConnected || state === 'awaiting_scan' || state === 'confirming'
  const name = contacts[0]?.name ?? 'the contact'
  return [
    { title: 'Generate QR code', detail: 'on the card', isDone: hasOffer },
    { title: 'Scan it', detail: "with the owner's phone", isDone: isConnected },
    { title: `Write as ${name}`, detail: 'and the assistant answers', isDone: isConnected && isAnswered },
  ]
}
