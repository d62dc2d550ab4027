import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RequestError } from '../../src/client/request-error.ts'
import type { WhatsappdClient } from '../../src/client/client.ts'
import type { AccountView } from '../../src/protocol/account/account.ts'
import type { SimulatedPhone } from '../../src/simulator/phones/phone.ts'
import { ALICE, MALLORY, OWNER, Stack } from '../support/stack.ts'

const SHOP_OWNER = '+15550000009'

let stack: Stack
let client: WhatsappdClient
const clients: WhatsappdClient[] = []

beforeEach(async () => {
  stack = await Stack.start()
  stack.simulator.createPhone({ phoneNumber: SHOP_OWNER, name: 'Shop' })
  client = await stack.client()
  clients.push(client)
})
afterEach(async () => {
  for (const each of clients.splice(0)) each.close()
  await stack.stop()
})

const view = (id: string): AccountView | undefined =>
  stack.accounts.list().find(({ account }) => account === id)
const untilAccount = (id: string, state: AccountView['state']): Promise<unknown> =>
  stack.until(`${id} is ${state}`, () => view(id)?.state === state)
const directoryOf = (id: string): string => join(stack.stateDir, 'accounts', id)

async function linkWith(id: string, phone: SimulatedPhone): Promise<void> {
  const offer = await stack.accounts.link(id, { method: 'qr' })
  if (offer.method !== 'qr') throw new Error('not a QR')
  await phone.scan(offer.qr)
  await untilAccount(id, 'connected')
}

async function failure(request: Promise<unknown>): Promise<RequestError> {
  const error: unknown = await request.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (error instanceof RequestError) return error
  throw new Error('it was not refused', { cause: error })
}

/** Resolves when the assistant of `number` has repeated what this person said. */
async function answered(person: SimulatedPhone, number: string, text: string): Promise<void> {
  await person.sendText(number, text)
  await person.waitForText(text)
}

describe('several accounts', () => {
  it('are linked to phones of their own, answer for themselves, and have allowlists of their own', async () => {
    const { account, created } = await client.request('accounts.create', { id: 'shop', name: 'The shop' })
    expect([created, account.name, account.state]).toEqual([true, 'The shop', 'unlinked'])
    await client.request('config.update', {
      changes: [{ account: 'shop', path: 'allowFrom', value: [MALLORY] }],
    })
    await linkWith('default', stack.owner)
    await linkWith('shop', stack.phone(SHOP_OWNER))
    const { linked, pending, accounts } = await client.request('accounts.list', {})
    expect([linked, pending]).toEqual([['default', 'shop'], []])
    expect(accounts.map(({ phoneNumber }) => phoneNumber)).toEqual([OWNER, SHOP_OWNER])

    // Each of the two is allowed at one account alone.
    await stack.alice.sendText(SHOP_OWNER, 'to the wrong one')
    await stack.mallory.sendText(OWNER, 'to the wrong one')
    await answered(stack.alice, OWNER, 'hello')
    await answered(stack.mallory, SHOP_OWNER, 'hello too')
    const told = (): string[] =>
      stack.published('message.blocked').map((each) => `${each.account} ${each.phoneNumber}`)
    await stack.until('both are blocked', () => told().length === 2)
    expect(told().toSorted()).toEqual([`default ${MALLORY}`, `shop ${ALICE}`])
    expect(stack.alice.received.map(({ text }) => text)).toEqual(['hello'])
    expect(stack.mallory.received.map(({ text }) => text)).toEqual(['hello too'])
    for (const id of ['default', 'shop']) {
      expect(statSync(directoryOf(id)).mode & 0o777).toBe(0o700)
      expect(existsSync(join(directoryOf(id), 'account.db'))).toBe(true)
    }
  })

  it('share the list at the root until one of them is edited; that edit opens no other', async () => {
    await client.request('accounts.create', { id: 'shop' })
    await linkWith('default', stack.owner)
    await linkWith('shop', stack.phone(SHOP_OWNER))
    await answered(stack.alice, SHOP_OWNER, 'hello shop')
    const { allowFrom } = await client.request('config.addAllowFrom', {
      account: 'shop',
      allowFrom: [MALLORY],
    })
    expect(allowFrom).toEqual([ALICE, MALLORY])
    await answered(stack.mallory, SHOP_OWNER, 'hello shop')
    await stack.mallory.sendText(OWNER, 'and you?')
    await stack.untilEvent('message.blocked', (each) => each.account === 'default')
    await client.request('config.removeAllowFrom', { account: 'default', allowFrom: [ALICE] })
    await answered(stack.alice, SHOP_OWNER, 'still welcome here')
    expect(stack.published('message.blocked').map((each) => each.account)).toEqual(['default'])
  })

  it('pause, disconnect and fail each for itself', async () => {
    await client.request('accounts.create', { id: 'shop' })
    await linkWith('default', stack.owner)
    await linkWith('shop', stack.phone(SHOP_OWNER))
    await client.request('accounts.setEnabled', { account: 'shop', enabled: false })
    await untilAccount('shop', 'disabled')
    await answered(stack.alice, OWNER, 'still there?')
    await client.request('accounts.setEnabled', { account: 'shop', enabled: true })
    await untilAccount('shop', 'connected')
    const { unlinkedOnPhone } = await client.request('accounts.disconnect', { account: 'shop' })
    expect(unlinkedOnPhone).toBe(true)
    expect(view('shop')).toMatchObject({ state: 'unlinked', linked: false })
    expect(view('default')).toMatchObject({ state: 'connected', linked: true })

    await stack.stopDaemon()
    // Others may write into it: nobody knows what they have put there.
    chmodSync(join(directoryOf('shop'), 'account.db'), 0o666)
    await stack.startDaemon()
    await untilAccount('default', 'connected')
    expect(view('shop')).toMatchObject({ state: 'storage_error', reason: { code: 'storage_permissions' } })
    await answered(stack.alice, OWNER, 'and now?')
  })

  it('that is paused is still linked after a restart, and cannot be removed', async () => {
    await client.request('accounts.create', { id: 'shop' })
    await linkWith('shop', stack.phone(SHOP_OWNER))
    const { linkedSince } = view('shop') ?? {}
    await client.request('accounts.setEnabled', { account: 'shop', enabled: false })
    await stack.stopDaemon()
    await stack.startDaemon()
    expect(view('shop')).toMatchObject({
      state: 'disabled',
      linked: true,
      phoneNumber: SHOP_OWNER,
      linkedSince,
    })
    const again = await stack.client()
    clients.push(again)
    expect(await failure(again.request('accounts.remove', { account: 'shop' }))).toMatchObject({
      code: 'still_linked',
    })
    await again.request('accounts.setEnabled', { account: 'shop', enabled: true })
    await untilAccount('shop', 'connected')
  })
})

describe('an account that is created', () => {
  it('stands in the config file, and again only changes nothing', async () => {
    const first = await client.request('accounts.create', { id: 'shop', name: 'Shop' })
    const text = stack.readConfig()
    expect(JSON.parse(text)).toMatchObject({
      channels: { whatsapp: { accounts: { default: {}, shop: { name: 'Shop' } } } },
    })
    const again = await client.request('accounts.create', { id: 'shop', name: 'Other' })
    expect([first.created, again.created, again.account.name]).toEqual([true, false, 'Shop'])
    expect(stack.readConfig()).toBe(text)
    expect(stack.published('config.applied').at(-1)?.changed).toEqual(['accounts.shop'])
  })

  it('is refused at the limit, where pending ones count and existing ones never twice', async () => {
    stack.writeConfig([ALICE], { maxAccounts: 2 })
    await stack.untilEvent('config.applied', ({ changed }) => changed.includes('maxAccounts'))
    await client.request('accounts.create', { id: 'shop' })
    const error = await failure(client.request('accounts.create', { id: 'third' }))
    expect(error).toMatchObject({
      code: 'max_sessions_reached',
      details: { maxAccounts: 2, count: 2, accounts: ['default', 'shop'] },
    })
    expect((await client.request('accounts.create', { id: 'shop' })).created).toBe(false)
    await linkWith('default', stack.owner)
    await linkWith('shop', stack.phone(SHOP_OWNER))
    expect(stack.readConfig()).not.toContain('third')
  })

  it('is refused where dashboards may not write, and nothing is left of it', async () => {
    stack.writeConfig([ALICE], { configWrites: false })
    await stack.untilEvent('config.applied')
    expect(await failure(client.request('accounts.create', { id: 'shop' }))).toMatchObject({
      code: 'config_read_only',
    })
    expect(existsSync(directoryOf('shop'))).toBe(false)
  })

  it('is refused on an older revision, and hears what is there', async () => {
    const { revision } = await client.request('config.get', {})
    await client.request('accounts.create', { id: 'shop' })
    const error = await failure(client.request('accounts.create', { id: 'third', revision }))
    expect(error).toMatchObject({ code: 'config_conflict', details: { accounts: ['default', 'shop'] } })
  })
})

describe('an account that is removed', () => {
  it('leaves neither a line nor a file when it was pending, and can be made anew', async () => {
    await client.request('accounts.create', { id: 'shop' })
    await stack.accounts.link('shop', { method: 'qr' })
    expect(existsSync(directoryOf('shop'))).toBe(true)
    expect(await client.request('accounts.remove', { account: 'shop' })).toMatchObject({ account: 'shop' })
    expect(existsSync(directoryOf('shop'))).toBe(false)
    expect(stack.readConfig()).not.toContain('shop')
    expect(stack.published('account.removed')).toEqual([{ account: 'shop' }])
    expect(view('shop')).toBeUndefined()
    const events = stack.published('account.status').filter(({ account }) => account === 'shop')
    expect(events.at(-1)?.state).not.toBe('stopped')
    expect((await client.request('accounts.create', { id: 'shop' })).account.state).toBe('unlinked')
  })

  it('must be disconnected first', async () => {
    await client.request('accounts.create', { id: 'shop' })
    await linkWith('shop', stack.phone(SHOP_OWNER))
    const error = await failure(client.request('accounts.remove', { account: 'shop' }))
    expect([error.code, error.action]).toEqual(['still_linked', expect.stringContaining('Disconnect')])
    expect(view('shop')).toMatchObject({ state: 'connected' })
    // Which sessions its agents keep.
    const sessions = join(stack.stateDir, 'agents', 'shop')
    mkdirSync(sessions, { recursive: true })
    await client.request('accounts.disconnect', { account: 'shop' })
    await client.request('accounts.remove', { account: 'shop' })
    expect([directoryOf('shop'), sessions].map((path) => existsSync(path))).toEqual([false, false])
  })

  it('keeps what is not its own in a directory that somebody else chose', async () => {
    const authDir = join(stack.directory, 'elsewhere')
    stack.writeConfig([ALICE], { accounts: { default: {}, shop: { authDir } } })
    await stack.until('the shop', () => view('shop'))
    writeFileSync(join(authDir, 'notes.txt'), 'mine')
    await client.request('accounts.remove', { account: 'shop' })
    expect(readdirSync(authDir)).toEqual(['notes.txt'])
  })

  it('stays when it is the only one, by a code and a sentence of its own, and can still be linked', async () => {
    expect(await failure(client.request('accounts.remove', { account: 'default' }))).toMatchObject({
      code: 'last_account',
      message: expect.stringContaining('only account'),
      action: expect.stringContaining('Disconnect'),
    })
    expect(await client.request('accounts.list', {})).toMatchObject({ pending: ['default'], removable: [] })
    await linkWith('default', stack.phone(SHOP_OWNER))
  })

  it('stays when the file cannot be changed, and can still be linked', async () => {
    stack.writeConfig([ALICE], { accounts: { default: {}, shop: { configWrites: false } } })
    await stack.until('the shop', () => view('shop'))
    expect(await failure(client.request('accounts.remove', { account: 'shop' }))).toMatchObject({
      code: 'config_read_only',
    })
    expect(await failure(client.request('accounts.remove', { account: 'nobody' }))).toMatchObject({
      code: 'account_not_found',
    })
    await linkWith('shop', stack.phone(SHOP_OWNER))
  })
})

describe('accounts in a file that is edited by hand', () => {
  it('come, go and change their name live; what is on the disk stays', async () => {
    await linkWith('default', stack.owner)
    stack.writeConfig([ALICE], { accounts: { default: {}, shop: { name: 'Shop' } } })
    await stack.until('the shop', () => view('shop'))
    await linkWith('shop', stack.phone(SHOP_OWNER))
    stack.writeConfig([ALICE], { accounts: { default: {}, store: { name: 'Store' } } })
    await stack.until('the store', () => view('store'))
    expect(view('shop')).toBeUndefined()
    expect(view('store')).toMatchObject({ state: 'unlinked' })
    expect(view('default')).toMatchObject({ state: 'connected' })
    expect(existsSync(join(directoryOf('shop'), 'account.db'))).toBe(true)
    // The former name brings the link back.
    stack.writeConfig([ALICE], { accounts: { default: {}, shop: { name: 'Shop' } } })
    await untilAccount('shop', 'connected')
    expect(view('store')).toBeUndefined()
    expect(readFileSync(stack.configPath, 'utf8')).toContain('Shop')
  })

  it('are linked up to the limit; those that are linked go on beyond it', async () => {
    stack.writeConfig([ALICE], { maxAccounts: 2, accounts: { one: {}, default: {}, shop: {} } })
    await stack.until('the shop', () => view('shop'))
    expect(view('one')).toMatchObject({ reason: { code: 'not_linked' } })
    expect(view('shop')).toMatchObject({ state: 'unlinked', reason: { code: 'too_many_accounts' } })
    expect(await failure(client.request('accounts.link', { account: 'shop' }))).toMatchObject({
      code: 'max_sessions_reached',
      message: expect.stringContaining('maxAccounts is 2, and the places are taken by one, default'),
      details: { maxAccounts: 2, count: 2, accounts: ['one', 'default'] },
    })
    await linkWith('default', stack.owner)
    await linkWith('one', stack.phone(SHOP_OWNER))
    stack.writeConfig([ALICE], { maxAccounts: 1, accounts: { one: {}, default: {}, shop: {} } })
    await stack.untilEvent(
      'config.applied',
      ({ changed }) => changed.includes('maxAccounts') && changed.length === 1,
    )
    expect(view('default')).toMatchObject({ state: 'connected' })
    expect(view('one')).toMatchObject({ state: 'connected' })
    await answered(stack.alice, OWNER, 'still?')
    stack.writeConfig([ALICE], { maxAccounts: 3, accounts: { one: {}, default: {}, shop: {} } })
    await stack.untilEvent(
      'account.status',
      ({ account, reason }) => account === 'shop' && reason?.code === 'not_linked',
    )
  })

  it('give their place to the next when one that was linked is disconnected', async () => {
    stack.writeConfig([ALICE], { maxAccounts: 1, accounts: { shop: {}, default: {} } })
    await stack.until('the shop', () => view('shop'))
    expect(view('default')).toMatchObject({ reason: { code: 'too_many_accounts' } })
    await linkWith('shop', stack.owner)
    expect(view('default')).toMatchObject({ reason: { code: 'too_many_accounts' } })
    await client.request('accounts.remove', { account: 'default' })
    expect((await client.request('accounts.list', {})).linked).toEqual(['shop'])
  })
})

describe('taking over', () => {
  it('needs a link, and has nothing to do where it is open', async () => {
    expect(await failure(client.request('accounts.takeOver', {}))).toMatchObject({ code: 'not_connected' })
    await linkWith('default', stack.owner)
    const { account } = await client.request('accounts.takeOver', {})
    expect(account.state).toBe('connected')
  })

  it('fetches the link back from another process', async () => {
    await linkWith('default', stack.owner)
    for (let round = 0; round < 4; round += 1) {
      await untilAccount('default', 'connected')
      stack.simulator.faults.streamError({ child: { tag: 'conflict', type: 'replaced' } })
      await stack.until('a reaction', () => view('default')?.state !== 'connected')
    }
    await untilAccount('default', 'conflict')
    await client.request('accounts.takeOver', { account: 'default' })
    await untilAccount('default', 'connected')
  })
})
