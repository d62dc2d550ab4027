import { existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { WhatsappdClient } from '../../src/client/client.ts'
import { RequestError } from '../../src/client/request-error.ts'
import { AccountFiles } from '../support/account-files.ts'
import { CommandLine } from '../support/command-line.ts'
import { Stack } from '../support/stack.ts'

/**
 * An account whose files could not be read was once stuck in the config: it could neither be used nor removed from a
 * dashboard. Nobody can see whether a link is in such files, so a person has to say that it may be lost.
 */
describe('removing an account that cannot be used', () => {
  let stack: Stack
  let files: AccountFiles
  let client: WhatsappdClient
  let other: CommandLine | undefined

  beforeEach(async () => {
    stack = await Stack.start({ channel: { accounts: { default: {}, shop: {} } } })
    files = new AccountFiles(stack.stateDir, 'shop')
  })
  afterEach(async () => {
    client.close()
    await other?.end()
    other = undefined
    await stack.stop()
  })

  const linkShop = async (): Promise<void> => {
    const offer = await stack.accounts.link('shop', { method: 'qr' })
    if (offer.method !== 'qr') throw new Error('not a QR')
    await stack.owner.scan(offer.qr)
    await stack.until('the shop', () => stack.account('shop').state === 'connected')
  }
  const damage = async (): Promise<void> => {
    await stack.stopDaemon()
    truncateSync(files.file, 50)
    await stack.startDaemon()
    client = await stack.client()
    expect(stack.account('shop')).toMatchObject({ state: 'storage_error', linked: false })
  }
  const refusal = async (confirm?: 'link'[]): Promise<RequestError> => {
    const request = client.request('accounts.remove', { account: 'shop', ...(confirm && { confirm }) })
    const error: unknown = await request.then(
      () => null,
      (reason: unknown) => reason,
    )
    if (error instanceof RequestError) return error
    throw new Error('it was not refused', { cause: error })
  }

  it('erases what nobody can read once a person has confirmed it', async () => {
    await linkShop()
    await damage()
    expect(await refusal()).toMatchObject({
      code: 'confirmation_required',
      details: { confirm: ['link'], accounts: ['shop'] },
      message: expect.stringContaining('cannot be read'),
    })
    expect([existsSync(files.file), stack.readConfig().includes('shop')]).toEqual([true, true])
    await client.request('accounts.remove', { account: 'shop', confirm: ['link'] })
    expect([existsSync(files.directory), stack.readConfig().includes('shop')]).toEqual([false, false])
    expect((await client.request('accounts.create', { id: 'shop' })).account.state).toBe('unlinked')
  })

  it('looks once more: what can be read again, and is linked, must be disconnected first', async () => {
    await linkShop()
    await stack.stopDaemon()
    const sound = readFileSync(files.file)
    await stack.startDaemon()
    await damage()
    writeFileSync(files.file, sound)
    expect((await refusal(['link'])).code).toBe('still_linked')
    await stack.until('the shop', () => stack.account('shop').state === 'connected')
  })

  it('leaves an account alone that another process uses, and names that one', async () => {
    await stack.stopDaemon()
    const stateDir = join(stack.directory, 'other')
    mkdirSync(join(stateDir, 'accounts'), { recursive: true, mode: 0o700 })
    stack.writeConfig(['+15550000002'], { accounts: { default: {}, shop: { authDir: './shop' } } })
    other = new CommandLine(['run', '--config', stack.configPath, '--state-dir', stateDir, '--port', '0'])
    await other.waitFor(/shop: unlinked/)
    const { pid } = JSON.parse(readFileSync(join(stateDir, 'daemon.json'), 'utf8')) as { pid: number }
    await stack.startDaemon()
    client = await stack.client()
    expect(stack.account('shop').state).toBe('owner_busy')
    for (const confirm of [undefined, ['link' as const]])
      expect(await refusal(confirm)).toMatchObject({
        code: 'owner_busy',
        message: expect.stringContaining(`held by process ${pid}`),
        details: { pid },
      })
    expect(existsSync(join(stack.directory, 'shop', 'account.db'))).toBe(true)
  })

  it('is asked for on the command line too', async () => {
    await damage()
    const remove = (...options: string[]) =>
      CommandLine.run(['accounts', 'remove', 'shop', ...options], { WHATSAPPD_STATE_DIR: stack.stateDir })
    const { code, stderr } = await remove()
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/phone still lists the device\. Repeat it with --yes to go on\.\n$/),
    ])
    expect(await remove('--yes')).toMatchObject({ code: 0, stderr: '' })
    expect(existsSync(files.directory)).toBe(false)
  })
})
