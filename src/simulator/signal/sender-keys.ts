import { Curve, type KeyPair } from '@whiskeysockets/baileys'
import { SenderKeyChain } from './sender-key-chain.ts'
import {
  decodeDistribution,
  encodeDistribution,
  openGroupMessage,
  sealGroupMessage,
} from './sender-key-message.ts'

/** As in libsignal, the latest keys of every sender are kept, for messages that are still on their way. */
const KEPT_KEYS = 5
const CHAIN_KEY_BYTES = 32

interface OwnKey {
  keyId: number
  chain: SenderKeyChain
  signingKey: KeyPair
  /** The group's epoch when the key was made: a member who left since then must not read later messages. */
  epoch: number
  /** Devices that were given the key. */
  readonly holders: Set<string>
}

interface OthersKey {
  keyId: number
  chain: SenderKeyChain
  signingKey: Uint8Array
}

interface Named {
  readonly key: string
}

/** A group as far as its keys go. */
interface KeyedGroup {
  readonly jid: string
  /** Grows whenever somebody leaves. */
  readonly epoch: number
}

/** One phone's sender keys: its own in every group it writes to, and those that other devices gave it. */
export class SenderKeys {
  readonly #random: (size: number) => Buffer
  readonly #own = new Map<string, OwnKey>()
  readonly #others = new Map<string, OthersKey[]>()

  constructor(random: (size: number) => Buffer) {
    this.#random = random
  }

  encrypt(group: KeyedGroup, plaintext: Uint8Array): Buffer {
    const { keyId, chain, signingKey } = this.#ownKey(group)
    return sealGroupMessage({ keyId, ...chain.next(), signingKey, plaintext })
  }

  /** Throws where the sender's key is missing, the message was read before, or it is not the sender's. */
  decrypt(groupJid: string, sender: Named, body: Buffer): Buffer {
    const message = openGroupMessage(body)
    const key = this.#others.get(name(groupJid, sender))?.find(({ keyId }) => keyId === message.keyId)
    if (key === undefined) throw new Error('no sender key')
    message.verify(key.signingKey)
    return message.decrypt(key.chain.at(message.iteration))
  }

  /** Whether a device has not been given the phone's key for this group. */
  lacksKey(group: KeyedGroup, device: Named): boolean {
    return !this.#ownKey(group).holders.has(device.key)
  }

  /** The phone's key at its present position, for a device that counts as a holder from now on. */
  handOut(group: KeyedGroup, device: Named): Buffer {
    const { keyId, chain, signingKey, holders } = this.#ownKey(group)
    holders.add(device.key)
    return encodeDistribution({ keyId, ...chain.position, signingKey: signingKey.public })
  }

  /** Takes the key that a device hands out. A known key keeps its position in the chain. */
  accept(groupJid: string, sender: Named, distribution: Uint8Array): void {
    const { keyId, iteration, chainKey, signingKey } = decodeDistribution(distribution)
    const known = this.#others.get(name(groupJid, sender)) ?? []
    const same = known.find((key) => key.keyId === keyId && Buffer.from(signingKey).equals(key.signingKey))
    const key = same ?? { keyId, signingKey, chain: new SenderKeyChain(iteration, chainKey) }
    const others = known.filter((each) => each.keyId !== keyId)
    this.#others.set(name(groupJid, sender), [...others, key].slice(-KEPT_KEYS))
  }

  /** Loses all keys, its own too, as a phone does that was set up again. */
  forgetAll(): void {
    this.#own.clear()
    this.#others.clear()
  }

  /** Loses the keys that a device gave, in all groups, as a phone does that was restored from a backup. */
  forget(sender: Named): void {
    for (const known of this.#others.keys()) {
      if (known.endsWith(` ${sender.key}`)) this.#others.delete(known)
    }
  }

  #ownKey(group: KeyedGroup): OwnKey {
    const known = this.#own.get(group.jid)
    if (known !== undefined && known.epoch === group.epoch) return known
    const made = {
      keyId: this.#random(4).readUInt32BE() >>> 1,
      chain: new SenderKeyChain(0, this.#random(CHAIN_KEY_BYTES)),
      signingKey: Curve.generateKeyPair(),
      epoch: group.epoch,
      holders: new Set<string>(),
    }
    this.#own.set(group.jid, made)
    return made
  }
}

const name = (groupJid: string, sender: Named): string => `${groupJid} ${sender.key}`
