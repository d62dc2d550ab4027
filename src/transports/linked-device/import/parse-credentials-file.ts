import { type AuthenticationCreds, initAuthCreds, jidDecode } from '@whiskeysockets/baileys'
import { isRecord } from '../../../protocol/is-record.ts'
import { parseBytesJson } from './parse-key-file.ts'

const KEY_BYTES = 32
/** Public keys may have a byte for their type in front. */
const MAX_PUBLIC_KEY_BYTES = 33

/**
 * The credentials in a `creds.json` of any Baileys from version 5 on; what later versions added is made anew. Throws where
 * the file is torn or something is missing without which no login works; the message names the part and no value.
 */
export function parseCredentialsFile(text: string): AuthenticationCreds {
  if (text.trim() === '') throw new Error('it is empty')
  const found = parse(text)
  if (!isRecord(found)) throw new Error('it does not hold credentials')
  const { signedPreKey } = found
  const pairs = {
    noiseKey: found['noiseKey'],
    signedIdentityKey: found['signedIdentityKey'],
    'signedPreKey.keyPair': isRecord(signedPreKey) ? signedPreKey['keyPair'] : undefined,
  }
  for (const [name, pair] of Object.entries(pairs)) {
    if (!isKeyPair(pair)) throw new Error(`its ${name} is missing or damaged`)
  }
  for (const name of ['registrationId', 'nextPreKeyId', 'firstUnuploadedPreKeyId']) {
    if (!Number.isInteger(found[name])) throw new Error(`its ${name} is missing or damaged`)
  }
  if (typeof found['advSecretKey'] !== 'string') throw new Error('its advSecretKey is missing or damaged')
  // The parts that have no use before the login are as Baileys' own store reads them: unchecked.
  return { ...initAuthCreds(), ...found }
}

/** The number of the phone that these are linked to, E.164; `null` where no phone has completed the link. */
export function linkedNumberOf({ me, account }: AuthenticationCreds): string | null {
  const user = jidDecode(me?.id)?.user
  return user === undefined || !/^\d+$/.test(user) || !isRecord(account) ? null : `+${user}`
}

function parse(text: string): unknown {
  try {
    return parseBytesJson(text)
  } catch {
    // What the parser says quotes the text.
    throw new Error('it is not whole JSON')
  }
}

function isKeyPair(pair: unknown): boolean {
  if (!isRecord(pair)) return false
  const { private: secret, public: open } = pair
  return (
    secret instanceof Uint8Array &&
    secret.length === KEY_BYTES &&
    open instanceof Uint8Array &&
    open.length >= KEY_BYTES &&
    open.length <= MAX_PUBLIC_KEY_BYTES
  )
}
