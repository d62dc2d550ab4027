import {
  ALL_WA_PATCH_NAMES,
  decodePatches,
  encodeSyncdPatch,
  newLTHashState,
  proto,
  S_WHATSAPP_NET,
  type WAPatchCreate,
  type WAPatchName,
} from '@whiskeysockets/baileys'
import type { Account, Device } from './account.ts'
import { type Environment, seconds } from './environment.ts'
import { SerialQueue } from '../signal/serial-queue.ts'
import type { Stanza } from '../wire/stanza.ts'
import { bytes, child, stanza } from '../wire/stanza.ts'

/** The error of a patch that does not build on the newest version. */
const CONFLICT = { code: '409', text: 'conflict' }
const UNKNOWN_COLLECTION = { code: '404', text: 'item-not-found' }
/** The largest number of patches of one collection in an answer; the client asks for the rest. */
const PATCHES_AN_ANSWER = 20

/** One change: in which collection, about what, and the new value. */
export type AppStateChange = Omit<WAPatchCreate, 'operation'>

interface Collection {
  state: ReturnType<typeof newLTHashState>
  /** Encoded; the first one leads to version 1. */
  patches: Uint8Array[]
}

/**
 * What WhatsApp keeps the same on all devices of one account (SyncD): encrypted, in five collections of numbered patches,
 * under a key that the phone hands to each linked client. The phone's half and the server's are one here.
 * Source: whatsmeow `appstate/`.
 */
export class AppState {
  readonly #account: Account
  readonly #network: Pick<Environment, 'now' | 'random'>
  readonly #keyId: Buffer
  readonly #key: proto.Message.IAppStateSyncKeyData
  readonly #collections = new Map<string, Collection>()
  readonly #work = new SerialQueue()

  constructor(account: Account, network: Pick<Environment, 'now' | 'random'>) {
    this.#account = account
    this.#network = network
    this.#keyId = Buffer.concat([Buffer.alloc(2), network.random(4)])
    this.#key = {
      keyData: network.random(32),
      fingerprint: { rawId: network.random(4).readUInt32BE(), currentIndex: 0, deviceIndexes: [0] },
      timestamp: network.now(),
    }
    for (const name of ALL_WA_PATCH_NAMES)
      this.#collections.set(name, { state: newLTHashState(), patches: [] })
  }

  /** The key, as the phone sends it to a client that it linked. */
  get keyShare(): proto.IMessage {
    const { APP_STATE_SYNC_KEY_SHARE } = proto.Message.ProtocolMessage.Type
    const keys = [{ keyId: { keyId: this.#keyId }, keyData: this.#key }]
    return { protocolMessage: { type: APP_STATE_SYNC_KEY_SHARE, appStateSyncKeyShare: { keys } } }
  }

  /** Changes a setting on the phone, as its person does. The linked clients get a notice that it changed. */
  set(change: AppStateChange): Promise<void> {
    return this.#work.run(async () => {
      const { SET } = proto.SyncdMutation.SyncdOperation
      const collection = this.#collection(change.type)
      const keyId = this.#keyId.toString('base64')
      const next = await encodeSyncdPatch(
        { ...change, operation: SET },
        keyId,
        collection.state,
        this.#readKey,
      )
      this.#append(change.type, collection, next.patch, next.state)
    })
  }

  /** Answers a client's `<sync>`: takes its patch, or hands over those that it has not seen. */
  answer(asked: readonly Stanza[], from: Device): Promise<Stanza[]> {
    return this.#work.run(() => Promise.all(asked.map((each) => this.#answerOne(each, from))))
  }

  async #answerOne(asked: Stanza, from: Device): Promise<Stanza> {
    const name = asked.attrs.name ?? ''
    const collection = this.#collections.get(name)
    if (collection === undefined) return refusal(name, UNKNOWN_COLLECTION)
    const seen = Number(asked.attrs.version ?? 0)
    const uploaded = child(asked, 'patch')
    if (uploaded !== undefined) {
      if (seen !== collection.patches.length) return refusal(name, CONFLICT)
      await this.#accept(name as WAPatchName, collection, bytes(uploaded), from)
      return stanza('collection', { name, version: String(collection.patches.length) })
    }
    const patches = collection.patches.slice(seen, seen + PATCHES_AN_ANSWER)
    const attributes = {
      name,
      version: String(seen + patches.length),
      has_more_patches: String(seen + patches.length < collection.patches.length),
    }
    const content = patches.map((patch) => stanza('patch', {}, patch))
    return stanza('collection', attributes, content.length === 0 ? [] : [stanza('patches', {}, content)])
  }

  /** Throws where the patch does not verify: a phone could not read it. */
  async #accept(name: WAPatchName, collection: Collection, encoded: Uint8Array, from: Device): Promise<void> {
    const version = { version: collection.patches.length + 1 }
    // Decoding for the state empties what it is given.
    const [patch, given] = [proto.SyncdPatch.decode(encoded), proto.SyncdPatch.decode(encoded)]
    given.version = version
    const { state } = await decodePatches(name, [given], collection.state, this.#readKey, {})
    this.#append(name, collection, patch, state, from)
  }

  #append(
    name: string,
    collection: Collection,
    patch: proto.ISyncdPatch,
    state: Collection['state'],
    from?: Device,
  ): void {
    collection.state = state
    const version = { version: state.version }
    collection.patches.push(proto.SyncdPatch.encode({ ...patch, version }).finish())
    const news = stanza('collection', { name, version: String(state.version) })
    for (const companion of this.#account.companions) {
      if (companion === from) continue
      const id = this.#network.random(8).toString('hex')
      const attributes = { from: S_WHATSAPP_NET, type: 'server_sync', id, t: seconds(this.#network) }
      companion.deliver(stanza('notification', attributes, [news]))
    }
  }

  #collection(name: string): Collection {
    const collection = this.#collections.get(name)
    if (collection === undefined) throw new Error(`there is no collection ${name}`)
    return collection
  }

  readonly #readKey = async (keyId: string): Promise<proto.Message.IAppStateSyncKeyData | null> =>
    keyId === this.#keyId.toString('base64') ? this.#key : null
}

function refusal(name: string, error: Readonly<Record<string, string>>): Stanza {
  return stanza('collection', { name, type: 'error' }, [stanza('error', { ...error })])
}
