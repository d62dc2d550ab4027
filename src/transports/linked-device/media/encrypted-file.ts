import { createCipheriv, createHash, createHmac, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { MAC_BYTES, mediaKeys, type MediaType } from './media-keys.ts'

const CHUNK_BYTES = 256 * 1_024

/** A file of ours as WhatsApp's servers get it. The same key gives the same bytes each time. */
export interface EncryptedFile {
  mediaKey: Uint8Array
  /** Of the file itself. */
  fileSha256: Buffer
  /** Of what is sent. */
  fileEncSha256: Buffer
  /** What is sent, in bytes. */
  length: number
  /** Read from the disk and encrypted as it is read. */
  read(): AsyncGenerator<Buffer, void, void>
}

/** AES-256-CBC, and ten bytes of an HMAC behind it (WhatsApp's white paper). Rejects with the error of the file system. */
export async function encryptFile(
  path: string,
  type: MediaType,
  mediaKey: Uint8Array,
  signal: AbortSignal,
): Promise<EncryptedFile> {
  const plain = createHash('sha256')
  const sealed = createHash('sha256')
  let length = 0
  for await (const chunk of encrypted(path, { type, mediaKey, signal }, plain)) {
    sealed.update(chunk)
    length += chunk.length
  }
  return {
    mediaKey,
    fileSha256: plain.digest(),
    fileEncSha256: sealed.digest(),
    length,
    read: () => encrypted(path, { type, mediaKey, signal }),
  }
}

async function* encrypted(
  path: string,
  { type, mediaKey, signal }: { type: MediaType; mediaKey: Uint8Array; signal: AbortSignal },
  hash?: Hash,
): AsyncGenerator<Buffer, void, void> {
  const { iv, cipherKey, macKey } = mediaKeys(mediaKey, type)
  const cipher = createCipheriv('aes-256-cbc', cipherKey, iv)
  const mac = createHmac('sha256', macKey).update(iv)
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES, signal })) {
    // Without an encoding a stream of a file gives bytes.
    const bytes = chunk as Buffer
    hash?.update(bytes)
    const part = cipher.update(bytes)
    mac.update(part)
    yield part
  }
  const last = cipher.final()
  mac.update(last)
  yield Buffer.concat([last, mac.digest().subarray(0, MAC_BYTES)])
}
