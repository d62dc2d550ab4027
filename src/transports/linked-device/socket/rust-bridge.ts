/**
 * What Baileys 7.0.0-rc14 uses of `whatsapp-rust-bridge`, on Node's own crypto. The build puts it in the package's
 * place: two megabytes of WebAssembly less to load and to keep in memory, for four functions.
 * A test compares each with the original.
 */
import { createHash, hkdfSync } from 'node:crypto'

const NO_SALT = new Uint8Array()
const HASH_BYTES = 128

export function md5(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('md5').update(bytes).digest())
}

/** RFC 5869 with SHA-256. `length` in bytes. */
export function hkdf(
  key: Uint8Array,
  length: number,
  { salt, info }: { salt?: Uint8Array | null; info?: string | null } = {},
): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, salt ?? NO_SALT, info ?? '', length))
}

/** The five keys of WhatsApp's app state, 32 bytes each. */
export function expandAppStateKeys(keyData: Uint8Array): Record<string, Uint8Array> {
  const expanded = hkdf(keyData, 160, { info: 'WhatsApp Mutation Keys' })
  const part = (index: number): Uint8Array => expanded.slice(index * 32, (index + 1) * 32)
  return {
    indexKey: part(0),
    valueEncryptionKey: part(1),
    valueMacKey: part(2),
    snapshotMacKey: part(3),
    patchMacKey: part(4),
  }
}

/** The lattice hash of WhatsApp's app state: sums of 64 unsigned 16-bit numbers, little-endian, modulo 2^16. */
export class LTHashAntiTampering {
  /** `base` (128 bytes) without the hashes of `subtract` and with those of `add`. */
  subtractThenAdd(base: Uint8Array, subtract: Uint8Array[], add: Uint8Array[]): Uint8Array {
    const sum = new Uint8Array(base)
    const view = new DataView(sum.buffer)
    const apply = (item: Uint8Array, sign: 1 | -1): void => {
      const hash = new DataView(hkdf(item, HASH_BYTES, { info: 'WhatsApp Patch Integrity' }).buffer)
      for (let at = 0; at < HASH_BYTES; at += 2) {
        view.setUint16(at, view.getUint16(at, true) + sign * hash.getUint16(at, true), true)
      }
    }
    for (const item of subtract) apply(item, -1)
    for (const item of add) apply(item, 1)
    return sum
  }
}
