import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { UnloggedEvents } from '../../../../src/accounts/life/unlogged-events.ts'
import { ACCOUNT_MIGRATIONS } from '../../../../src/accounts/schema.ts'
import { Database } from '../../../../src/storage/database/database.ts'
import { WebhookReceiver } from '../../../support/webhook-receiver.ts'
import { WebhookWorld } from './webhook-world.ts'

// A kill between the commit and the event would lose the event for ever: what it tells of is never told again.
describe('an event and its deliveries', () => {
  let receiver: WebhookReceiver
  let world: WebhookWorld
  let account: Database

  /** The account's file as a process opens it. */
  const open = (): void => {
    let unlogged: UnloggedEvents | null = null
    account = Database.open(join(world.directory, 'account.db'), ACCOUNT_MIGRATIONS, {
      delayMs: 60_000,
      before: () => unlogged?.keep(world.hub.persist('default')),
      failed: () => {},
    })
    unlogged = new UnloggedEvents(account)
    world.hub.recover(unlogged.take())
  }
  const note = (name: string): void => {
    account.transaction(() => account.prepare('INSERT INTO facts VALUES (?, ?)').run(name, 'somebody'))
  }
  const isFull = (full: boolean): void => {
    const limit = full ? 1 : 4_294_967_294
    world.store.use((database) => database.prepare(`PRAGMA max_page_count=${limit}`).get())
  }
  const messages = (prefix: string): string[] => {
    const ids = Array.from({ length: 100 }, (_, index) => `${prefix}${index}`)
    for (const id of ids) world.message('+15555550101', id)
    return ids
  }
  const kept = (): unknown[] => account.prepare("SELECT name FROM facts WHERE name LIKE 'event %'").all()

  beforeEach(async () => {
    receiver = await WebhookReceiver.start()
    world = new WebhookWorld([{ url: receiver.url }])
    open()
  })
  afterEach(async () => {
    account.close()
    await world.end()
    await receiver.stop()
  })

  it('are on disk before the account tells of it, in the same turn of the event loop', () => {
    note('owner')
    world.message('+15555550101', 'M1')
    expect(world.store.countAfter(0)).toBe(0)
    account.commit()
    expect(world.store.countAfter(0)).toBe(1)
    expect(world.view().queued).toBe(1)
  })

  it('are posted after a kill also where the log had no room for them, each once and in order', async () => {
    isFull(true)
    note('owner')
    const ids = messages('A')
    account.commit()
    expect(world.store.countAfter(0)).toBe(0)
    expect(kept()).toHaveLength(ids.length)
    // Killed: the log and the account are as they were left.
    await world.webhooks.stop()
    world.store.stop()
    world.start()
    open()
    const later = messages('B')
    note('phone')
    account.commit()
    await receiver.until(() => receiver.posts.length >= ids.length + later.length)
    expect(receiver.messages).toEqual([...ids, ...later])
    expect(kept()).toEqual([])
  })

  it('come once where the log had room again before the kill', async () => {
    isFull(true)
    note('owner')
    const ids = messages('A')
    account.commit()
    isFull(false)
    world.hub.stop()
    expect(world.store.countAfter(0)).toBe(ids.length)
    await world.webhooks.stop()
    world.store.stop()
    world.start()
    open()
    world.message('+15555550101', 'LAST')
    note('phone')
    account.commit()
    await receiver.until(() => receiver.messages.includes('LAST'))
    expect(receiver.messages).toEqual([...ids, 'LAST'])
    expect(kept()).toEqual([])
  })
})
