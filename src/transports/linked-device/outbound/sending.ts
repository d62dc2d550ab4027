import { AsyncLocalStorage } from 'node:async_hooks'
import type { GroupMetadata, jidEncode } from '@whiskeysockets/baileys'

/** A device as Baileys lists it (rc14 `getUSyncDevices`), with what its own types leave out. */
export interface ListedDevice {
  user: string
  device?: number | undefined
  server: Parameters<typeof jidEncode>[1]
  jid: string
}

/** To whom a message goes. */
export interface SendPlan {
  /** By user part of the address: the devices that there is a session with. */
  devices: ReadonlyMap<string, readonly ListedDevice[]>
  /** Where it goes to a group. */
  group?: GroupMetadata
}

/** A message on its way out. */
export interface SendContext {
  /** `null` until it is known. From then on nothing is asked of the network for this message. */
  plan: SendPlan | null
  /** Asked when the first part of it is encrypted, and again in the moment in which its stanza goes to the socket. */
  mayLeave?: (() => boolean) | undefined
  /** What the first question was answered with, in the present attempt. All parts of a message leave, or none. */
  leaves?: boolean | undefined
  /** Its stanza has gone to the socket in the present attempt: what is sent after it belongs to a message that is out. */
  hasLeft?: boolean | undefined
}

/** The message was taken back before it left. */
export class TakenBack extends Error {
  constructor() {
    super('it was taken back')
    this.name = 'TakenBack'
  }
}

/**
 * Set while a message is on its way out. Baileys renews the sessions with a recipient whose device list it has asked
 * for anew; within a send a session that is open stays: the peer writes in it at this moment. And Baileys asks for
 * devices, members and LIDs while it holds the lock that decryption needs: it gets what the plan says instead.
 */
export const sending = new AsyncLocalStorage<SendContext>()

/** Throws `TakenBack` where the message that is on its way must not leave any more. */
export function refuseTakenBack(): void {
  const context = sending.getStore()
  if (context?.mayLeave === undefined) return
  context.leaves ??= context.mayLeave()
  if (!context.leaves) throw new TakenBack()
}

/**
 * Throws `TakenBack` where the stanza that goes to the socket now is a message that must not leave any more. What took it back may have been
 * decrypted before its first part was encrypted, and stored since; what is stored from now on is acknowledged behind this stanza.
 */
export function refuseStanzaTakenBack(): void {
  const context = sending.getStore()
  if (context?.mayLeave === undefined || context.leaves !== true || context.hasLeft === true) return
  context.leaves = context.mayLeave()
  if (!context.leaves) throw new TakenBack()
  context.hasLeft = true
}
