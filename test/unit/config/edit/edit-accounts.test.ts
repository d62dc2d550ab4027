import { describe, expect, it } from 'vitest'
import { createAccountEdit, removeAccountEdit } from '../../../../src/config/edit/edit-accounts.ts'
import type { ConfigEdit } from '../../../../src/config/edit/config-edit.ts'
import { DaemonError } from '../../../../src/protocol/errors.ts'
import { applied, CORPUS, resolve } from '../edit-corpus.ts'
import { read } from '../intended-settings.ts'

function apply(text: string, edit: ConfigEdit): string {
  const before = resolve(text)
  edit.prepare?.(before)
  const after = applied(edit, text, before)
  if (after !== text) edit.check(before, resolve(after))
  return after
}

function refusal(text: string, edit: ConfigEdit): DaemonError {
  try {
    apply(text, edit)
  } catch (error) {
    if (error instanceof DaemonError) return error
    throw error
  }
  throw new Error('it was not refused')
}

const sorted = (value: unknown): unknown => {
  const { channels, connectors } = read(JSON.stringify(value))
  return channels ?? connectors
}

describe.each(CORPUS)('$name', ({ text }) => {
  const before = resolve(text)

  it('gets a further account; those that are there stay as they are, named or not', () => {
    const after = apply(text, createAccountEdit('second', "Ada's"))
    const { accounts, defaultAccount } = resolve(after)
    expect(accounts['second']).toMatchObject({ id: 'second', name: "Ada's", authDir: null })
    expect(Object.keys(accounts)).toEqual([...Object.keys(before.accounts), 'second'])
    for (const [id, account] of Object.entries(before.accounts)) expect(accounts[id]).toEqual(account)
    expect(defaultAccount).toBe(before.defaultAccount)
  })

  it('loses it again, and all that was there before is still there', () => {
    const after = apply(apply(text, createAccountEdit('second', null)), removeAccountEdit('second'))
    expect(resolve(after).accounts).toEqual(before.accounts)
    expect(sorted(read(after))).toMatchObject(sorted(read(text)) ?? {})
    const named = /accounts/.test(text)
    if (named) expect(after).toBe(text)
  })
})

const file = (channel: string): string => `{ channels: { whatsapp: { ${channel} } } }\n`

describe('a further account', () => {
  it('is written beside the others, one line for one account', () => {
    const { text = '' } = CORPUS.find(({ name }) => name === 'accounts.json5') ?? {}
    expect(apply(text, createAccountEdit('garage', 'Garage'))).toBe(
      text.replace("'shop-2': {},\n", "'shop-2': {},\n        garage: { name: 'Garage' },\n"),
    )
  })

  it('of an id that is there changes nothing, at the limit too', () => {
    const text = file('maxAccounts: 1, accounts: { home: {} }')
    expect(apply(text, createAccountEdit('home', 'Other'))).toBe(text)
  })

  it('is one too many at the limit', () => {
    for (const text of [file('maxAccounts: 1'), file('maxAccounts: 2, accounts: { a: {}, b: {}, c: {} }')]) {
      const error = refusal(text, createAccountEdit('second', null))
      expect(error.code).toBe('max_sessions_reached')
      expect(error.details).toMatchObject({ accounts: Object.keys(resolve(text).accounts) })
    }
  })

  it('called "default" does not become the default account in the place of another', () => {
    const text = file("authDir: '/var/home', accounts: { home: {}, work: {} }")
    const after = resolve(apply(text, createAccountEdit('default', null)))
    expect(after.defaultAccount).toBe('home')
    expect(after.accounts['home']?.authDir).toBe('/var/home')
    expect(after.accounts['default']?.authDir).toBeNull()
  })
})

describe('an account that is taken out', () => {
  it('goes with its line and leaves the others', () => {
    const { text = '' } = CORPUS.find(({ name }) => name === 'accounts.json5') ?? {}
    expect(apply(text, removeAccountEdit('shop-2'))).toBe(text.replace("        'shop-2': {},\n", ''))
  })

  it('is no longer the default account', () => {
    const after = apply(
      file("defaultAccount: 'home', accounts: { home: {}, work: {} }"),
      removeAccountEdit('home'),
    )
    expect(resolve(after)).toMatchObject({ defaultAccount: 'work' })
    expect(Object.keys(resolve(after).accounts)).toEqual(['work'])
  })

  it('stays when it is the only one', () => {
    expect(refusal(file(''), removeAccountEdit('default')).code).toBe('last_account')
    expect(refusal(file('accounts: { home: {} }'), removeAccountEdit('home')).code).toBe('last_account')
  })

  /**
   * What stands at the root as `authDir` is the default account's. When that one went, the next would become the default
   * and open the credentials of the former.
   */
  it('stays when another would get its directory', () => {
    const text = file("authDir: '/var/home', accounts: { home: {}, work: {} }")
    const error = refusal(text, removeAccountEdit('home'))
    expect([error.code, error.message]).toEqual(['config_invalid', expect.stringContaining('"work"')])
    expect(Object.keys(resolve(apply(text, removeAccountEdit('work'))).accounts)).toEqual(['home'])
  })
})
