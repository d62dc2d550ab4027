import { mkdtempSync, rmSync } from 'node:fs'
import { CONNECTORS } from '../../../../../src/agents/registry.ts'
import { identity } from '../../../../support/identity.ts'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { mayWriteDirectly } from '../../../../../src/access/may-write.ts'
import { withRegisteredNumbers } from '../../../../../src/access/numbers/with-registered-numbers.ts'
import { resolveConfig } from '../../../../../src/config/read/resolve.ts'
import { ACCOUNT_MIGRATIONS } from '../../../../../src/accounts/schema.ts'
import { Database } from '../../../../../src/storage/database/database.ts'
import { RegisteredNumbers } from '../../../../../src/transports/linked-device/identity/registered-numbers.ts'

const WRITTEN = '+525512345678'
const REGISTERED = '+5215512345678'
const NOW = 1_000_000

let directory: string
let database: Database
const open = (): void => {
  database = Database.open(join(directory, 'account.db'), ACCOUNT_MIGRATIONS, {
    delayMs: 0,
    failed: () => {},
  })
}
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'whatsappd-numbers-'))
  open()
})
afterEach(() => {
  database.close()
  rmSync(directory, { recursive: true, force: true })
})

/** The verdict on somebody who writes from this number, where the config names `WRITTEN`. */
function verdictOn(phoneNumber: string, numbers: RegisteredNumbers): string {
  const text = JSON.stringify({
    channels: { whatsapp: { allowFrom: [WRITTEN], senders: { [WRITTEN]: { name: 'A' } } } },
  })
  const config = resolveConfig(text, { directory: '/', env: {}, connectors: CONNECTORS }).accounts['default']
  if (config === undefined) throw new Error('no account')
  const { access, senders } = withRegisteredNumbers(() => config, numbers)()
  const verdict = mayWriteDirectly({ access }, identity('1@lid', phoneNumber))
  return `${verdict.allowed ? 'allowed' : verdict.reason} ${senders[phoneNumber]?.name ?? 'nobody'}`
}

it('counts as it is written until WhatsApp has answered, then in the form that WhatsApp knows, over restarts', () => {
  const numbers = new RegisteredNumbers(database)
  expect([verdictOn(WRITTEN, numbers), verdictOn(REGISTERED, numbers)]).toEqual([
    'allowed A',
    'lid_unresolved nobody',
  ])
  expect(numbers.learn([WRITTEN], new Set([REGISTERED]), NOW)).toBe(true)
  expect(numbers.learn([WRITTEN], new Set([REGISTERED]), NOW)).toBe(false)
  expect([verdictOn(WRITTEN, numbers), verdictOn(REGISTERED, numbers)]).toEqual(['allowed A', 'allowed A'])
  database.close()
  open()
  const again = new RegisteredNumbers(database)
  expect([verdictOn(REGISTERED, again), again.askedAt(WRITTEN)]).toEqual(['allowed A', NOW])
})

it('lets WhatsApp name no other subscriber, whatever it answers and whatever the file says', () => {
  const numbers = new RegisteredNumbers(database)
  numbers.learn([WRITTEN], new Set(['+15550000003', '+5215512345679']), NOW)
  expect(numbers.of(WRITTEN)).toEqual({ isAsked: true, registered: null })
  expect(verdictOn('+15550000003', numbers)).toBe('not_allowed nobody')
  expect(verdictOn(REGISTERED, numbers)).toBe('not_allowed nobody')
  database.prepare('UPDATE registered_numbers SET registered = ?').run('+15550000003')
  expect(verdictOn('+15550000003', new RegisteredNumbers(database))).toBe('not_allowed nobody')
})

it('follows a person whose form changes', () => {
  const numbers = new RegisteredNumbers(database)
  numbers.learn([WRITTEN], new Set([REGISTERED]), NOW)
  numbers.learn([WRITTEN], new Set([WRITTEN]), NOW + 1)
  expect(verdictOn(REGISTERED, numbers)).toBe('not_allowed nobody')
})

it('keeps the numbers of the config alone, and 5,000 of them', () => {
  const numbers = new RegisteredNumbers(database)
  const many = Array.from({ length: 6_000 }, (_, index) => `+52551${String(1_000_000 + index)}`)
  const kept = numbers.retain(many)
  expect(kept).toHaveLength(5_000)
  numbers.learn(kept, new Set(), NOW)
  const count = (): unknown => database.prepare('SELECT COUNT(*) AS rows FROM registered_numbers').get()
  expect(count()).toEqual({ rows: 5_000 })
  numbers.retain([WRITTEN])
  expect(count()).toEqual({ rows: 0 })
  expect(numbers.of(WRITTEN)).toEqual({ isAsked: false })
  expect(numbers.of(many[0] ?? '')).toEqual({ isAsked: false })
})

// They were never asked about, so that somebody with another form of one of them was held for ever, and could not ask for access.
it('holds nobody for an answer about numbers beyond those 5,000', () => {
  const numbers = new RegisteredNumbers(database)
  const many = Array.from({ length: 5_000 }, (_, index) => `+52551${String(1_000_000 + index)}`)
  const { version } = numbers
  numbers.retain([...many, WRITTEN])
  expect(numbers.version).not.toBe(version)
  expect([verdictOn(WRITTEN, numbers), verdictOn(REGISTERED, numbers)]).toEqual([
    'allowed A',
    'not_allowed nobody',
  ])
  numbers.retain([WRITTEN])
  expect(verdictOn(REGISTERED, numbers)).toBe('lid_unresolved nobody')
})
