import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { useMultiFileAuthState } from '@whiskeysockets/baileys'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT_MIGRATIONS } from '../../../../../src/accounts/schema.ts'
import { Database } from '../../../../../src/storage/database/database.ts'
import type { ImportableLink } from '../../../../../src/transports/link.ts'
import { baileysImporter } from '../../../../../src/transports/linked-device/import/baileys-importer.ts'
import { parseKeyFileName } from '../../../../../src/transports/linked-device/import/key-file-name.ts'
import { CredentialStore } from '../../../../../src/transports/linked-device/signal/credential-store.ts'
import { age, KEYS, PHONE, SYNC_KEY, writeMultiFileStore } from './multi-file-store.ts'

const EVENTS = { writeFailed: () => undefined, lidLearned: () => undefined }
const importer = baileysImporter()

describe("the importer of Baileys' multi-file stores", () => {
  let directory: string
  beforeEach(async () => {
    directory = await writeMultiFileStore()
  })
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  const read = (options = { force: false }): Promise<ImportableLink> => importer.read(directory, options)
  const refusal = async (options = { force: false }): Promise<Record<string, unknown>> => {
    const { code, message, action, details } = await read(options).then(
      () => ({ code: 'imported', message: '', action: '', details: {} }),
      (error: Record<string, unknown>) => error,
    )
    return { code, message, action, ...(details as object) }
  }
  /** What an account reads after the import and a restart. */
  const stored = (link: ImportableLink): CredentialStore => {
    const database = Database.open(join(directory, 'account.db'), ACCOUNT_MIGRATIONS)
    link.store(database)
    database.close()
    return CredentialStore.load(Database.open(join(directory, 'account.db'), ACCOUNT_MIGRATIONS), EVENTS)
  }

  it('gives every key back as Baileys itself reads it from the files', async () => {
    const theirs = (await useMultiFileAuthState(directory)).state
    const link = await read()
    expect(link).toMatchObject({ phoneNumber: `+${PHONE}`, leftOut: [], sessions: 4 })
    const ours = stored(link)
    expect(ours.linked).toBe(true)
    expect(JSON.parse(JSON.stringify(ours.credentials))).toEqual(JSON.parse(JSON.stringify(theirs.creds)))
    for (const [type, values] of Object.entries(KEYS)) {
      // Whose LID is whose only WhatsApp's directory says.
      if (type === 'lid-mapping') continue
      // The names of the table are the types.
      const key = type as keyof typeof KEYS
      for (const id of Object.keys(values)) {
        const [expected, found] = [await theirs.keys.get(key, [id]), await ours.keys.get(key, [id])]
        expect(JSON.stringify(found[id]), `${type} ${id}`).toBe(JSON.stringify(expected[id]))
      }
    }
  })

  it('knows the id behind every name that Baileys makes of one', () => {
    const digits = fc.stringMatching(/^[1-9]\d{5,14}$/)
    const device = fc.nat(99).map(String)
    const user = fc.oneof(
      digits,
      digits.map((each) => `${each}_1`),
    )
    const group = fc.oneof(
      digits.map((each) => `${each}@g.us`),
      fc.tuple(digits, digits).map(([one, other]) => `${one}-${other}@g.us`),
    )
    const address = fc.tuple(user, device).map(([one, other]) => `${one}.${other}`)
    const ids = fc.oneof(
      fc.tuple(fc.constantFrom('session', 'identity-key'), address),
      fc.tuple(fc.constant('pre-key'), fc.nat().map(String)),
      fc.tuple(
        fc.constant('sender-key'),
        fc.tuple(group, user, device).map((parts) => parts.join('::')),
      ),
      fc.tuple(fc.constant('sender-key-memory'), group),
      fc.tuple(
        fc.constant('app-state-sync-key'),
        fc.uint8Array({ minLength: 1, maxLength: 12 }).map((each) => Buffer.from(each).toString('base64')),
      ),
      fc.tuple(fc.constant('app-state-sync-version'), fc.constantFrom('regular', 'critical_unblock_low')),
      fc.tuple(
        fc.constant('lid-mapping'),
        fc.oneof(
          digits,
          digits.map((each) => `${each}_reverse`),
        ),
      ),
      fc.tuple(fc.constant('device-list'), digits),
      fc.tuple(
        fc.constant('tctoken'),
        fc.oneof(
          fc.constant('__index'),
          digits.map((each) => `${each}@lid`),
        ),
      ),
    )
    fc.assert(
      fc.property(ids, ([type, id]) => {
        // As `fixFileName` of Baileys does it.
        const name = `${type}-${id}.json`.replaceAll('/', '__').replaceAll(':', '-')
        expect(parseKeyFileName(name)).toEqual({ type, id })
      }),
    )
  })

  it.each([
    ['nothing', ''],
    ['blanks', '  \n'],
    ['the first half', null],
    ['another thing', '[]'],
    ['null', 'null'],
    ['no keys', '{"me":{"id":"15550000001@s.whatsapp.net"}}'],
    ['NUL bytes, as after a power failure', '\0'.repeat(2_000)],
  ])('refuses a creds.json with %s by its name, also when it is forced', async (_what, text) => {
    const path = join(directory, 'creds.json')
    const whole = readFileSync(path, 'utf8')
    writeFileSync(path, text ?? whole.slice(0, whole.length / 2))
    age(directory, 600)
    for (const force of [false, true]) {
      expect(await refusal({ force })).toMatchObject({ code: 'import_refused', reason: 'damaged' })
      expect((await refusal({ force }))['message']).toContain(path)
    }
  })

  it('never quotes what is in a damaged file', async () => {
    writeFileSync(join(directory, 'creds.json'), '{"noiseKey": secret-of-mine')
    age(directory, 600)
    expect(JSON.stringify(await refusal())).not.toContain('secret')
  })

  it("names OpenClaw's whole copy where creds.json is torn, and takes it when it is put there", async () => {
    copyFileSync(join(directory, 'creds.json'), join(directory, 'creds.json.bak'))
    truncateSync(join(directory, 'creds.json'), 100)
    age(directory, 600)
    expect(await refusal()).toMatchObject({ action: expect.stringContaining('creds.json.bak is whole') })
    copyFileSync(join(directory, 'creds.json.bak'), join(directory, 'creds.json'))
    age(directory, 600)
    expect((await read()).phoneNumber).toBe(`+${PHONE}`)
  })

  it.each([
    'session-15550000002.0.json',
    'pre-key-2.json',
    'sender-key-status@broadcast--15550000002--0.json',
  ])('refuses a torn %s by its name, and leaves it out when it is forced', async (name) => {
    truncateSync(join(directory, name), 5)
    age(directory, 600)
    expect(await refusal()).toMatchObject({ reason: 'damaged', message: expect.stringContaining(name) })
    expect((await read({ force: true })).leftOut).toEqual([name])
  })

  it('refuses what is larger than any link, also when it is forced', async () => {
    const file = join(directory, 'session-99.0.json')
    writeFileSync(file, '')
    truncateSync(file, 513 * 1024 * 1024)
    age(directory, 600)
    for (const force of [false, true])
      expect(await refusal({ force })).toMatchObject({
        reason: 'damaged',
        message: expect.stringContaining('more than a link has'),
      })
  })

  it('refuses a copy that was made of a part of the files, and names what is missing', async () => {
    for (const name of readdirSync(directory)) if (name !== 'creds.json') unlinkSync(join(directory, name))
    const { message, reason } = await refusal()
    expect({ message, reason }).toMatchObject({ reason: 'damaged' })
    expect(message).toContain('pre-key-*.json')
    expect(message).toContain(`app-state-sync-key-${SYNC_KEY.replaceAll('/', '__')}.json`)
  })

  it.each([
    ['me', (creds: Record<string, unknown>) => ({ ...creds, me: undefined })],
    ['account', (creds: Record<string, unknown>) => ({ ...creds, account: undefined })],
  ])('refuses credentials of no phone: without %s', async (_part, change) => {
    const path = join(directory, 'creds.json')
    // Written by Baileys.
    const creds = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
    writeFileSync(path, JSON.stringify(change(creds)))
    age(directory, 600)
    expect(await refusal()).toMatchObject({
      reason: 'no_link',
      message: expect.stringContaining(path),
      action: expect.stringContaining('move these files away first'),
    })
  })

  it('names the directories inside of the one around them', async () => {
    const outer = join(directory, 'whatsapp')
    mkdirSync(join(outer, 'home'), { recursive: true })
    copyFileSync(join(directory, 'creds.json'), join(outer, 'home', 'creds.json'))
    await expect(importer.read(outer, { force: false })).rejects.toMatchObject({
      code: 'import_refused',
      action: expect.stringContaining(join(outer, 'home')),
      details: { reason: 'no_link' },
    })
    await expect(importer.read(join(directory, 'gone'), { force: false })).rejects.toMatchObject({
      details: { reason: 'no_link' },
    })
  })

  it.each([
    ['just now', 0, 'Import two minutes after it has stopped'],
    ['119 seconds ago', 119, 'Import two minutes after it has stopped'],
    ['in the future', -3_600, 'use --force'],
  ])('refuses what was changed %s, and takes it when it is forced', async (_when, seconds, advice) => {
    const at = Date.now() / 1_000 - seconds
    utimesSync(join(directory, 'session-15550000002.0.json'), at, at)
    expect(await refusal()).toMatchObject({
      reason: 'changed_recently',
      message: expect.stringContaining('session-15550000002.0.json'),
      action: expect.stringMatching(new RegExp(`whatsappd import --force.*${advice}`)),
    })
    expect((await read({ force: true })).leftOut).toEqual([])
  })

  it('takes what was changed two minutes ago, and is not disturbed by files of others', async () => {
    age(directory, 121)
    writeFileSync(join(directory, 'notes.txt'), 'changed now')
    mkdirSync(join(directory, 'accounts'))
    expect((await read()).phoneNumber).toBe(`+${PHONE}`)
  })

  it('refuses while a process has a file open, names both, and takes it afterwards', async () => {
    const path = join(directory, 'creds.json')
    const holder = spawn('sh', ['-c', 'exec 3<"$0"; echo open; exec sleep 60', path], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    await once(holder.stdout, 'data')
    const { reason, message } = await refusal()
    expect({ reason, message }).toMatchObject({ reason: 'in_use', message: expect.stringContaining(path) })
    expect(message).toContain(String(holder.pid))
    holder.kill()
    await once(holder, 'exit')
    expect((await read()).phoneNumber).toBe(`+${PHONE}`)
  })

  describe("with OpenClaw's lock", () => {
    const lockIn = (state: string, content: Record<string, unknown>): string => {
      const folder = join(state, 'tmp', `openclaw-${process.getuid?.() ?? ''}`)
      mkdirSync(folder, { recursive: true })
      const lock = join(folder, 'gateway.0123abcd.lock')
      writeFileSync(lock, JSON.stringify({ createdAt: new Date().toISOString(), ...content }))
      return lock
    }

    it('refuses while its process runs, and takes it when it was left behind', async () => {
      const gateway = spawn('sleep', ['60'], { stdio: 'ignore' })
      const lock = lockIn(directory, { pid: gateway.pid, configPath: join(directory, 'openclaw.json') })
      const { reason, message } = await refusal()
      expect({ reason, message }).toMatchObject({ reason: 'in_use', message: expect.stringContaining(lock) })
      expect((await read({ force: true })).phoneNumber).toBe(`+${PHONE}`)
      gateway.kill()
      await once(gateway, 'exit')
      expect((await read()).phoneNumber).toBe(`+${PHONE}`)
    })

    it('is not deceived by a later process of the same id, or by what is no lock', async () => {
      lockIn(directory, { pid: process.ppid, configPath: join(directory, 'openclaw.json'), startTime: 1 })
      expect((await read()).phoneNumber).toBe(`+${PHONE}`)
      appendFileSync(lockIn(directory, {}), 'torn')
      expect((await read()).phoneNumber).toBe(`+${PHONE}`)
    })
  })

  it('reads through a link to the directory, and waits for no pipe', async () => {
    const other = `${directory}-link`
    symlinkSync(directory, other)
    expect((await importer.read(other, { force: false })).phoneNumber).toBe(`+${PHONE}`)
    unlinkSync(other)
    unlinkSync(join(directory, 'pre-key-1.json'))
    mkdirSync(join(directory, 'pre-key-1.json'))
    age(directory, 600)
    expect(await refusal()).toMatchObject({ message: expect.stringContaining('pre-key-1.json') })
  })

  it('moves a session to the LID that the directory knows, where there is none under it', async () => {
    writeFileSync(join(directory, 'lid-mapping-15550000002.json'), '"20000000000002"')
    age(directory, 600)
    const link = await read()
    const { keys } = stored(link)
    const found = await keys.get('session', ['15550000002.0', '20000000000002_1.0'])
    expect(Object.keys(found)).toEqual(['20000000000002_1.0'])
    expect(Object.keys(await keys.get('identity-key', ['20000000000002_1.0']))).toHaveLength(1)
  })

  it('is refused by an account that is linked, which keeps its own', async () => {
    const link = await read()
    stored(link)
    const database = Database.open(join(directory, 'account.db'), ACCOUNT_MIGRATIONS)
    expect(() => link.store(database)).toThrow(expect.objectContaining({ code: 'already_linked' }))
    database.close()
  })
})
