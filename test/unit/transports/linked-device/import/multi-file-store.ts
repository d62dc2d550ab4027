import { mkdtempSync, readdirSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { proto, type SignalDataSet, useMultiFileAuthState } from '@whiskeysockets/baileys'

export const PHONE = '15550000001'
export const SYNC_KEY = 'AAAA/+8='

/** Ids that Baileys escapes, and some that look as if it had. */
export const KEYS: SignalDataSet = {
  'pre-key': { 1: pair(1), 2: pair(2) },
  session: {
    '15550000002.0': session('by number'),
    '20000000000003_1.0': session('by LID'),
    '20000000000003_1.12': session('a further device'),
    '20000000000004_128.99': session('hosted'),
  },
  'sender-key': {
    '120363000000000001@g.us::20000000000003_1::0': bytes('new group'),
    '4915550000-1600000000@g.us::15550000002::7': bytes('old group'),
    'status@broadcast::15550000002::0': bytes('status'),
  },
  'sender-key-memory': { '4915550000-1600000000@g.us': { '15550000002:7@s.whatsapp.net': true } },
  'identity-key': { '15550000002.0': bytes('identity') },
  'app-state-sync-key': {
    [SYNC_KEY]: proto.Message.AppStateSyncKeyData.fromObject({ keyData: bytes('sync'), timestamp: 5 }),
  },
  'app-state-sync-version': {
    critical_unblock_low: {
      version: 3,
      hash: bytes('hash'),
      indexValueMap: { 'a+/=': { valueMac: bytes('m') } },
    },
  },
  'lid-mapping': { '15550000003': '20000000000003', '20000000000003_reverse': '15550000003' },
  'device-list': { '15550000002': ['0', '7'] },
  tctoken: {
    '20000000000003@lid': { token: bytes('token'), timestamp: '1' },
    __index: { token: bytes('[]') },
  },
}

/** A directory as Baileys' own multi-file store writes it, linked, last changed ten minutes ago. */
export async function writeMultiFileStore(keys: SignalDataSet = KEYS): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'baileys-store-'))
  const { state, saveCreds } = await useMultiFileAuthState(directory)
  Object.assign(state.creds, {
    me: { id: `${PHONE}:3@s.whatsapp.net`, lid: '20000000000001:3@lid', name: 'Owner' },
    account: proto.ADVSignedDeviceIdentity.fromObject({ details: bytes('details') }),
    nextPreKeyId: 3,
    firstUnuploadedPreKeyId: 3,
    myAppStateKeyId: SYNC_KEY,
  })
  await state.keys.set(keys)
  await saveCreds()
  age(directory, 600)
  return directory
}

/** As if every file had been changed last so many seconds ago. */
export function age(directory: string, seconds: number): void {
  const at = Date.now() / 1_000 - seconds
  for (const name of readdirSync(directory)) utimesSync(join(directory, name), at, at)
}

function bytes(text: string): Buffer {
  return Buffer.from(text)
}

function pair(seed: number): { public: Uint8Array; private: Uint8Array } {
  return { public: Buffer.alloc(32, seed), private: Buffer.alloc(32, seed + 100) }
}

/** What Baileys stores under the type that it declares as bytes. */
function session(chain: string): Uint8Array {
  const record: unknown = { _sessions: { [chain]: { registrationId: 1 } }, version: 'v1' }
  return record as Uint8Array
}
