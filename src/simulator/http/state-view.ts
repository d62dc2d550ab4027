import { type ChatView, chatsOf } from '../phones/chat-view.ts'
import type { SimulatedPhone } from '../phones/phone.ts'
import type { Simulator } from '../simulator.ts'

interface CompanionView {
  deviceId: number
  /** What the client calls itself. */
  name: string
  isConnected: boolean
  /** ISO 8601. */
  linkedAt: string
}

/** One phone as its person sees it. */
export interface PhoneView {
  /** E.164. */
  phoneNumber: string
  name: string
  linkedDevices: CompanionView[]
  /** A client asks to be linked by a code that is to be typed on this phone. */
  asksForCode: boolean
  chats: ChatView[]
}

/** What `GET /state` and the `state` event carry. */
export interface SimulatorState {
  phones: PhoneView[]
}

/** Everything that the phones show, now. */
export function simulatorState(simulator: Simulator, nowMs: number): SimulatorState {
  return { phones: simulator.phones.map((phone) => phoneView(simulator, phone, nowMs)) }
}

function phoneView(simulator: Simulator, phone: SimulatedPhone, nowMs: number): PhoneView {
  return {
    phoneNumber: phone.phoneNumber,
    name: phone.name,
    linkedDevices: phone.companions.map(({ deviceId, operatingSystem, isConnected, linkedAtMs }) => ({
      deviceId,
      name: operatingSystem,
      isConnected,
      linkedAt: new Date(linkedAtMs).toISOString(),
    })),
    asksForCode: phone.isAskedForCode,
    chats: chatsOf(phone, {
      nameOf: (chat) => simulator.group(chat)?.subject ?? simulator.phone(chat)?.name ?? chat,
      isAdministrator: (chat, phoneNumber) => {
        const account = simulator.phone(phoneNumber)?.account
        return account !== undefined && simulator.group(chat)?.isAdministrator(account) === true
      },
      nowMs,
    }),
  }
}
