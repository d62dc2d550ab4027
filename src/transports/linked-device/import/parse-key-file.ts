import { BufferJSON } from '@whiskeysockets/baileys'
import { isRecord } from '../../../protocol/is-record.ts'
import type { ImportedKeyType } from './key-file-name.ts'

const isBytes = (value: unknown): boolean => value instanceof Uint8Array && value.length > 0
const isTextList = (value: unknown): boolean =>
  Array.isArray(value) && value.every((each) => typeof each === 'string')

/** What of a value shows that it was written whole. */
const LOOKS_WHOLE: Readonly<Record<ImportedKeyType, (value: unknown) => boolean>> = {
  'sender-key-memory': isRecord,
  'sender-key': isBytes,
  session: (value) => isRecord(value) && isRecord(value['_sessions']),
  'pre-key': (value) => isRecord(value) && isBytes(value['private']) && isBytes(value['public']),
  'identity-key': isBytes,
  'app-state-sync-version': (value) => isRecord(value) && typeof value['version'] === 'number',
  'app-state-sync-key': (value) => isRecord(value) && value['keyData'] !== undefined,
  'lid-mapping': (value) => typeof value === 'string' && /^\d+$/.test(value),
  'device-list': isTextList,
  tctoken: (value) => isRecord(value) && value['token'] instanceof Uint8Array,
}

/** The value of a key's file as Baileys 7 keeps it, `null` where it was emptied. Throws where the file is torn. */
export function parseKeyFile(type: ImportedKeyType, text: string): unknown {
  const value = parseBytesJson(text)
  if (value === null) return null
  const whole = type === 'sender-key' ? senderKeyOf(value) : value
  if (!LOOKS_WHOLE[type](whole)) throw new Error(`it does not hold a ${type}`)
  return whole
}

/** JSON with bytes in any of the ways in which Baileys has written them. Throws what `JSON.parse` throws. */
export function parseBytesJson(text: string): unknown {
  return JSON.parse(text, (key, value: unknown) => formerBytes(value) ?? BufferJSON.reviver(key, value))
}

/** Until version 6 also lists of numbers, and a mark of its own. */
function formerBytes(value: unknown): Buffer | null {
  if (!isRecord(value)) return null
  const isMarked = value['buffer'] === true || value['type'] === 'Buffer'
  const data = value['data'] ?? value['value']
  if (!isMarked || (typeof data !== 'string' && !Array.isArray(data))) return null
  return typeof data === 'string' ? Buffer.from(data, 'base64') : Buffer.from(data)
}

/** Until version 6 it was the list itself; now it is the list's JSON in bytes. */
function senderKeyOf(value: unknown): unknown {
  return Array.isArray(value) ? Buffer.from(JSON.stringify(value, BufferJSON.replacer)) : value
}
