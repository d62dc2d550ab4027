import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto'
import { expect, describe, it } from 'vitest'
import {
  encryptedSize,
  MediaDamaged,
  MediaDecryption,
} from '../../../../../src/transports/linked-device/media/media-cipher.ts'
import { mediaKeys } from '../../../../../src/transports/linked-device/media/media-keys.ts'

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

/** As its sender's phone makes it; `macKey` signs it. */
function sealed(plain: Uint8Array, wrong: { macKey?: Buffer } = {}) {
  const key = randomBytes(32)
  const { iv, cipherKey, macKey } = mediaKeys(key, 'document')
  const cipher = createCipheriv('aes-256-cbc', cipherKey, iv)
  const body = Buffer.concat([cipher.update(plain), cipher.final()])
  const mac = createHmac('sha256', wrong.macKey ?? macKey)
    .update(iv)
    .update(body)
    .digest()
    .subarray(0, 10)
  const bytes = Buffer.concat([body, mac])
  const source = {
    type: 'document',
    key,
    hash: sha256(plain),
    encryptedHash: sha256(bytes),
  } as const
  return { bytes, source }
}

function opened(bytes: Buffer, source: ConstructorParameters<typeof MediaDecryption>[0], pieces: number) {
  const decryption = new MediaDecryption(source)
  const plain: Buffer[] = []
  for (let at = 0; at < bytes.length; at += pieces)
    plain.push(decryption.update(bytes.subarray(at, at + pieces)))
  const { rest, size, sha256: hash } = decryption.end()
  return { plain: Buffer.concat([...plain, rest]), size, hash }
}

describe('a file that comes piece by piece', () => {
  it.each([0, 1, 15, 16, 17, 1_000, 65_536])('of %i bytes is what was sent, however it is cut', (length) => {
    const plain = randomBytes(length)
    const { bytes, source } = sealed(plain)
    expect(bytes).toHaveLength(encryptedSize(length))
    for (const pieces of [1, 7, 10, 16, 4_096, bytes.length]) {
      if (bytes.length / pieces > 2_000) continue
      const { plain: got, size, hash } = opened(bytes, source, pieces)
      expect(got.equals(plain)).toBe(true)
      expect({ size, hash }).toEqual({ size: length, hash: sha256(plain).toString('hex') })
    }
  })

  it.each<[string, (sent: ReturnType<typeof sealed>) => ReturnType<typeof sealed>]>([
    [
      'a changed byte',
      ({ bytes, source }) => ({
        source,
        bytes: Buffer.from(bytes.map((byte, at) => (at === 3 ? byte ^ 1 : byte))),
      }),
    ],
    ['a missing end', ({ bytes, source }) => ({ source, bytes: bytes.subarray(0, -16) })],
    ['nothing at all', ({ source }) => ({ source, bytes: Buffer.alloc(0) })],
    [
      'bytes behind its end',
      ({ bytes, source }) => ({ source, bytes: Buffer.concat([bytes, Buffer.alloc(16)]) }),
    ],
    ['another key', ({ bytes, source }) => ({ bytes, source: { ...source, key: randomBytes(32) } })],
    [
      'the key of another kind',
      ({ bytes, source }) => ({ bytes, source: { ...source, type: 'image' as never } }),
    ],
    ['another hash', ({ bytes, source }) => ({ bytes, source: { ...source, hash: randomBytes(32) } })],
    [
      'another hash of what is kept',
      ({ bytes, source }) => ({ bytes, source: { ...source, encryptedHash: randomBytes(32) } }),
    ],
    ['a wrong signature, and hashes that fit', () => sealed(randomBytes(50), { macKey: randomBytes(32) })],
  ])('is refused with %s', (_what, spoil) => {
    const { bytes, source } = spoil(sealed(randomBytes(50)))
    expect(() => opened(bytes, source, 16)).toThrow(MediaDamaged)
  })
})
