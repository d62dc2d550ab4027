import { BufferJSON, type KeyPair } from '@whiskeysockets/baileys'
import type { AccountAddressing, AddressingMode } from './server/account.ts'
import type { PasskeyRecord } from './linking/passkey/passkey.ts'
import { type CompanionRegistration, LinkedCompanion } from './server/linked-companion.ts'
import type { Simulator } from './simulator.ts'

const VERSION = 1

/** What a restart of the simulator keeps: who is there, who is linked, and which groups there are. */
interface SavedState {
  version: typeof VERSION
  phones: {
    phoneNumber: string
    name: string
    lid: string
    addressing: AccountAddressing
    identity: KeyPair
    /** Missing in files of earlier versions. */
    passkeys?: PasskeyRecord[]
    companions: {
      deviceId: number
      linkedAtMs: number
      registration: CompanionRegistration
      preKeys: { id: number; key: Uint8Array }[]
    }[]
  }[]
  groups: { id: string; subject: string; addressing: AddressingMode; members: string[] }[]
}

/**
 * Everything of a simulator that has to outlive it, as JSON. It holds the private keys of the simulated phones. Messages and
 * sessions are not in it: after a restart the phones have empty chats, and ask once more for what they cannot read.
 */
export function saveState(simulator: Simulator): string {
  const state: SavedState = {
    version: VERSION,
    phones: simulator.phones.map((phone) => ({
      phoneNumber: phone.phoneNumber,
      name: phone.name,
      lid: phone.lid,
      addressing: phone.account.addressing,
      identity: phone.identity,
      passkeys: phone.passkeys.all.map(({ record }) => record),
      companions: phone.companions.map((companion) => ({
        deviceId: companion.deviceId,
        linkedAtMs: companion.linkedAtMs,
        registration: companion.registration,
        preKeys: companion.preKeys,
      })),
    })),
    groups: simulator.groups.map((group) => ({
      id: group.id,
      subject: group.subject,
      addressing: group.addressing,
      members: group.members.map(({ phoneNumber }) => phoneNumber),
    })),
  }
  return JSON.stringify(state, BufferJSON.replacer)
}

/** Fills a simulator that nobody is in yet. Throws when the text was not written by `saveState` of this version. */
export function restoreState(simulator: Simulator, text: string): void {
  const state = parse(text)
  for (const { companions, passkeys = [], ...person } of state.phones) {
    const phone = simulator.createPhone(person)
    for (const record of passkeys) phone.passkeys.register(record)
    for (const { deviceId, linkedAtMs, registration, preKeys } of companions) {
      const companion = new LinkedCompanion({ account: phone.account, deviceId, linkedAtMs, registration })
      companion.addPreKeys(preKeys)
      phone.adopt(companion)
    }
  }
  for (const { members, ...group } of state.groups) {
    const phones = members.flatMap((number) => simulator.phone(number) ?? [])
    simulator.createGroup({ ...group, members: phones })
  }
}

function parse(text: string): SavedState {
  let value: unknown
  try {
    value = JSON.parse(text, BufferJSON.reviver)
  } catch (error) {
    throw new Error('it is no JSON', { cause: error })
  }
  // Written by `saveState`, which says which form it has.
  const state = value as SavedState | null
  if (state?.version !== VERSION || !Array.isArray(state.phones) || !Array.isArray(state.groups))
    throw new Error(`it is not of version ${VERSION}`)
  return state
}
