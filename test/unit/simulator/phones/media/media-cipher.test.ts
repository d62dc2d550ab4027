import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { openFile, sealFile, sha256 } from '../../../../../src/simulator/phones/media/media-cipher.ts'

const INFO = 'WhatsApp Image Keys'
const file = randomBytes(1_000)
const { blob, ...seal } = sealFile(file, { info: INFO, mediaKey: randomBytes(32) })
const good = { ...seal, info: INFO, size: file.length }

/** The file with one byte changed, and the hash that goes with it. */
function damaged(at: number): [Buffer, { fileEncSha256: Buffer }] {
  const bytes = Buffer.from(blob)
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
  return [bytes, { fileEncSha256: sha256(bytes) }]
}

describe('a file that a message names', () => {
  it('opens when everything is as the message says', () => {
    expect(openFile(blob, good)).toEqual(file)
  })

  it.each([
    ['the MAC', ...damaged(blob.length - 1), /MAC/],
    ['a byte of the ciphertext', ...damaged(500), /MAC/],
    ['the hash of the encrypted file', blob, { fileEncSha256: randomBytes(32) }, /hash of the encrypted/],
    ['the hash of the file', blob, { fileSha256: randomBytes(32) }, /hash of the file/],
    ['the length', blob, { size: 999 }, /length/],
    ['the media key', blob, { mediaKey: randomBytes(32) }, /MAC/],
    ['the size of the media key', blob, { mediaKey: randomBytes(16) }, /size/],
    ['the type', blob, { info: 'WhatsApp Video Keys' }, /MAC/],
  ])('does not open where %s differs', (_what, bytes, wrong, reason) => {
    expect(() => openFile(bytes, { ...good, ...wrong })).toThrow(reason)
  })
})
