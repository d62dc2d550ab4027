import type { PhoneView, SimulatorState } from '../../protocol/demo-state.ts'
import { chatsOf } from './chat-view.ts'
import type { SimulatedPhone } from '../phones/phone.ts'
import type { Simulator } from '../simulator.ts'

/** Everything that the phones show, now. */
export function simulatorState(simulator: Simulator, nowMs: number): SimulatorState {
  return { phones: simulator.phones.map((phone) => phoneView(simulator, phone, nowMs)), business: null }
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
    hasPasskey: phone.passkeys.all.length > 0,
    passkeyLink: phone.passkeys.ceremony ?? null,
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
