import { toNumber } from '@whiskeysockets/baileys'
import { z } from 'zod'
import type { RemoteMedia } from '../../../messaging/content.ts'
import type { MediaType } from './media-keys.ts'
import type { MediaServers } from './media-servers.ts'

/** Keys and hashes are SHA-256 and HKDF values: 32 bytes. */
const VALUE_BYTES = 32
/** Real ones have about 250 characters. */
const MAX_PLACE_LENGTH = 2_048

const bytes = z
  .base64()
  .transform((text) => Buffer.from(text, 'base64'))
  .refine(({ length }) => length === VALUE_BYTES)

const sourceSchema = z.strictObject({
  type: z.enum(['image', 'video', 'audio', 'document', 'sticker', 'history']),
  /** `directPath` of the message; `null` where it has a URL alone. */
  path: z.string().max(MAX_PLACE_LENGTH).nullable(),
  url: z.string().max(MAX_PLACE_LENGTH).nullable(),
  key: bytes,
  /** Of the file as its sender had it. */
  hash: bytes,
  /** Of what WhatsApp keeps. */
  encryptedHash: bytes,
  /** In bytes, by the sender's word. */
  size: z.number().int().positive().nullable(),
})

/** Where a file of a message is, and what opens it. */
export type MediaSource = z.infer<typeof sourceSchema>

/** What the five kinds of messages with files have in common; nothing of it is believed. */
export interface ToldOfMedia {
  mediaKey?: unknown
  fileSha256?: unknown
  fileEncSha256?: unknown
  directPath?: unknown
  url?: unknown
  fileLength?: unknown
}

/** `null` where the message does not say all that is needed, or says what cannot be. */
export function toMediaSource(type: MediaType, told: ToldOfMedia): RemoteMedia | null {
  const key = encoded(told.mediaKey)
  const hash = encoded(told.fileSha256)
  const encryptedHash = encoded(told.fileEncSha256)
  const path = placeOf(told.directPath)
  const url = path === null ? placeOf(told.url) : null
  if (key === null || hash === null || encryptedHash === null || (path ?? url) === null) return null
  const source = { type, path, url, key, hash, encryptedHash, size: declaredSize(told.fileLength) }
  return { source: JSON.stringify(source) }
}

/** What `toMediaSource` made; `null` where another program made something else of it. */
export function readMediaSource({ source }: RemoteMedia): MediaSource | null {
  try {
    return sourceSchema.parse(JSON.parse(source))
  } catch {
    return null
  }
}

/** The path of a file on WhatsApp's servers; `null` where the message names none, or only a host that is not allowed. */
export function mediaPath(
  { path, url }: Pick<MediaSource, 'path' | 'url'>,
  servers: MediaServers,
): string | null {
  if (path !== null) return servers.urlOf(servers.defaultHost, path) === null ? null : path
  if (url === null || !URL.canParse(url)) return null
  const { protocol, host, username, password, pathname, search } = new URL(url)
  if (!/^https?:$/.test(protocol) || username !== '' || password !== '') return null
  return servers.urlOf(host, pathname + search) === null ? null : pathname + search
}

/** In bytes; `null` where a message says none, or one that cannot be. */
export function declaredSize(fileLength: unknown): number | null {
  const size = toNumber(isLengthLike(fileLength) ? fileLength : 0)
  return size > 0 && Number.isSafeInteger(size) ? size : null
}

/** A number, or protobuf's `Long`. */
function isLengthLike(value: unknown): value is number {
  if (typeof value === 'number') return true
  return (
    typeof value === 'object' && value !== null && 'toNumber' in value && typeof value.toNumber === 'function'
  )
}

function encoded(value: unknown): string | null {
  return value instanceof Uint8Array && value.length === VALUE_BYTES
    ? Buffer.from(value).toString('base64')
    : null
}

function placeOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value.length <= MAX_PLACE_LENGTH ? value : null
}
