import { createHash } from 'node:crypto'
import type { Environment } from '../environment.ts'

/**
 * What clients name in the path of an upload (Baileys `MEDIA_PATH_MAP`, whatsmeow `mediaTypeToMMSType`: a sticker is an `image`, a voice
 * message `audio`), and the folder that WhatsApp files it under, as seen in URLs of real messages.
 */
const FOLDERS: Readonly<Record<string, string>> = {
  image: 't62.7118-24',
  video: 't62.7161-24',
  audio: 't62.7117-24',
  document: 't62.7119-24',
  'thumbnail-link': 't62.36145-24',
  'md-app-state': 't62.36147-24',
  'md-msg-hist': 't62.36147-24',
}

/** An encrypted file as WhatsApp keeps it; nobody there can open it. */
export interface StoredBlob {
  /** As what it was uploaded. */
  type: string
  bytes: Buffer
  /** SHA-256 of the bytes, in base64url without padding: the token of the upload. */
  token: string
  /** From the root, with the signature and the end of its life in the query. */
  directPath: string
  /** Milliseconds since the epoch. */
  expiresAtMs: number
}

/** What WhatsApp answers for a file that it does not have: it never had it, or its time is over, or it was taken away. */
type Missing = { status: number }

/** How many files that are gone are remembered with their status. */
const MOST_LOST = 10_000

/**
 * The encrypted files that clients and phones have uploaded. Each is kept for a time; beyond a number of bytes the oldest goes.
 * The same bytes are kept once.
 */
export class MediaStore {
  readonly #environment: Pick<Environment, 'now' | 'random' | 'habits'>
  readonly #blobs = new Map<string, StoredBlob>()
  readonly #lost = new Map<string, number>()
  #bytes = 0

  constructor(environment: Pick<Environment, 'now' | 'random' | 'habits'>) {
    this.#environment = environment
  }

  /** How many bytes are kept. */
  get bytes(): number {
    return this.#bytes
  }

  /** Keeps an encrypted file. Throws for an unknown type. */
  put(type: string, bytes: Buffer): StoredBlob {
    const folder = folderOf(type)
    if (folder === undefined) throw new Error(`${type} is no type of file`)
    const { now, random, habits } = this.#environment
    const expiresAtMs = now() + habits.mediaLivesMs
    const name = `${random(4).readUInt32BE()}_${random(6).readUIntBE(0, 6)}_${random(6).readUIntBE(0, 6)}_n.enc`
    const path = `/v/${folder}/${name}`
    const signature = `oh=01_${random(16).toString('base64url')}&oe=${Math.floor(expiresAtMs / 1000).toString(16)}`
    const blob = {
      type,
      bytes,
      token: tokenOf(bytes),
      directPath: `${path}?ccb=11-4&${signature}&_nc_sid=5e03e0`,
      expiresAtMs,
    }
    this.#blobs.set(path, blob)
    this.#bytes += bytes.length
    this.#makeRoom()
    return blob
  }

  /** The file that is kept at a path, with or without further members of its query; else what is answered instead. */
  get(directPath: string): StoredBlob | Missing {
    const { pathname, searchParams } = new URL(directPath, 'http://media')
    const blob = this.#blobs.get(pathname)
    if (blob === undefined) return { status: this.#lost.get(pathname) ?? 404 }
    if (!isSignedAs(blob.directPath, searchParams)) return { status: 403 }
    if (blob.expiresAtMs > this.#environment.now()) return blob
    this.lose(directPath, 410)
    return { status: 410 }
  }

  /** A file with these bytes that is kept. */
  find(token: string): StoredBlob | undefined {
    return [...this.#blobs.values()].find(
      (blob) => blob.token === token && blob.expiresAtMs > this.#environment.now(),
    )
  }

  /** The file is gone from now on: who asks for it gets this status. */
  lose(directPath: string, status = 404): void {
    const { pathname } = new URL(directPath, 'http://media')
    this.#bytes -= this.#blobs.get(pathname)?.bytes.length ?? 0
    this.#blobs.delete(pathname)
    this.#lost.set(pathname, status)
    if (this.#lost.size > MOST_LOST) this.#lost.delete(this.#lost.keys().next().value ?? '')
  }

  #makeRoom(): void {
    for (const blob of this.#blobs.values()) {
      if (this.#bytes <= this.#environment.habits.mediaKeptBytes) return
      this.lose(blob.directPath)
    }
  }
}

/** What names an encrypted file at its upload: its SHA-256 (Baileys `encodeBase64EncodedStringForUpload`). */
export function tokenOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64url')
}

function isSignedAs(directPath: string, given: URLSearchParams): boolean {
  const { searchParams } = new URL(directPath, 'http://media')
  return ['oh', 'oe'].every((name) => searchParams.get(name) === given.get(name))
}

/** Where files of a type are kept; `undefined` for a type that WhatsApp does not know. */
export function folderOf(type: string): string | undefined {
  return Object.hasOwn(FOLDERS, type) ? FOLDERS[type] : undefined
}
