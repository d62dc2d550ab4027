import type { proto } from '@whiskeysockets/baileys'
import type { Account } from '../server/account.ts'
import { AppState, type AppStateChange } from '../server/app-state.ts'
import { firstAppState, firstSyncMessages, type KnownContact } from './first-sync.ts'
import type { LinkedCompanion } from '../server/linked-companion.ts'
import type { Network } from '../server/network.ts'

/** How many chats a phone shares. */
const SHARED_CONTACTS = 3

type SendPeerMessage = (companion: LinkedCompanion, message: proto.IMessage) => Promise<unknown>

/** What a phone shares with the clients that it has linked: the app state, and a little history. */
export class PhoneSync {
  readonly #account: Account
  readonly #network: Network
  readonly #sendPeerMessage: SendPeerMessage
  readonly #appState: AppState
  #hasBegun = false

  constructor(o: { account: Account; network: Network; sendPeerMessage: SendPeerMessage }) {
    this.#account = o.account
    this.#network = o.network
    this.#sendPeerMessage = o.sendPeerMessage
    this.#appState = new AppState(o.account, o.network)
    o.account.appState = this.#appState
  }

  /** Changes the app state, as by a tap on "mute"; linked clients get a notice that it changed. */
  change(change: AppStateChange): Promise<void> {
    return this.#appState.set(change)
  }

  /** Creates the settings that a phone has before it links its first client. */
  async begin(): Promise<void> {
    if (this.#hasBegun || !this.#network.habits.sharesState) return
    this.#hasBegun = true
    const { name } = this.#account.primary
    for (const change of firstAppState(name, this.#contacts(), this.#network.now())) await this.change(change)
  }

  /** Sends a client that was just linked the app state's key and the history, once it is logged in. */
  welcome(companion: LinkedCompanion): void {
    if (!this.#network.habits.sharesState) return
    companion
      .whenActive()
      .then(() => this.#share(companion))
      // A client that gave no keys gets nothing, as from a phone.
      .catch(() => undefined)
  }

  async #share(companion: LinkedCompanion): Promise<void> {
    const { now, random, directory, media } = this.#network
    const messages = firstSyncMessages(this.#contacts(), directory.groupsOf(this.#account), {
      nowMs: now(),
      random,
      store: media.store,
    })
    for (const message of [this.#appState.keyShare, ...messages])
      await this.#sendPeerMessage(companion, message)
  }

  #contacts(): KnownContact[] {
    return this.#network.directory.accounts
      .filter((account) => account !== this.#account)
      .slice(0, SHARED_CONTACTS)
      .map((account) => ({ account, name: account.primary.name }))
  }
}
