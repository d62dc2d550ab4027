import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import { Curve, type KeyPair } from '@whiskeysockets/baileys'

/** Made beside each other: the thread pool has other work, too. */
const PAIRS_AT_ONCE = 32
const KEY_BYTES = 32

const makeKeys = promisify(generateKeyPair)

/**
 * X25519 key pairs, made in Node's thread pool ahead of their use: Baileys makes the hundreds of one-time keys of a new device in one
 * turn of the event loop, which nothing else gets for a fifth of a second. Used up in the order they were made, each once.
 */
class KeyPairStock {
  readonly #pairs: KeyPair[] = []
  #filling: Promise<void> = Promise.resolve()
  #isInstalled = false

  /** Baileys takes its pairs from here, and makes them itself while there are none. Idempotent. */
  install(): void {
    if (this.#isInstalled) return
    this.#isInstalled = true
    const makeAtOnce = Curve.generateKeyPair
    Curve.generateKeyPair = () => this.#pairs.shift() ?? makeAtOnce()
  }

  /** Resolves once there are `count` pairs, or where none can be made. Never rejects. */
  fill(count: number): Promise<void> {
    this.#filling = this.#filling.then(async () => {
      try {
        while (this.#pairs.length < count) {
          const pairs = Array.from({ length: Math.min(PAIRS_AT_ONCE, count - this.#pairs.length) }, makePair)
          this.#pairs.push(...(await Promise.all(pairs)))
        }
      } catch {
        // Baileys makes its own then, and says what fails.
      }
    })
    return this.#filling
  }
}

/** For the whole process, as what it replaces. */
export const keyPairStock = new KeyPairStock()

async function makePair(): Promise<KeyPair> {
  const { publicKey, privateKey } = await makeKeys('x25519', {
    publicKeyEncoding: { format: 'der', type: 'spki' },
    privateKeyEncoding: { format: 'der', type: 'pkcs8' },
  })
  return { public: rawKey(publicKey), private: rawKey(privateKey) }
}

/** Both encodings end with the key itself (RFC 8410). A copy: a view would keep the rest. */
function rawKey(encoded: Buffer): Buffer {
  return Buffer.from(encoded.subarray(-KEY_BYTES))
}
