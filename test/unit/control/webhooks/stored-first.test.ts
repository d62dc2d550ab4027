import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { ACCOUNT_MIGRATIONS } from '../../../../src/accounts/schema.ts'
import { Database } from '../../../../src/storage/database/database.ts'
import { WebhookWorld } from './webhook-world.ts'

// A kill between the commit and the event would lose the event for ever: what it tells of is never told again.
it('an event and its deliveries are on disk before the account tells of it, in the same turn of the event loop', () => {
  const world = new WebhookWorld([{ url: 'http://127.0.0.1:1/' }])
  const account = Database.open(join(world.directory, 'account.db'), ACCOUNT_MIGRATIONS, {
    delayMs: 60_000,
    before: () => world.hub.persist(),
    failed: () => {},
  })
  onTestFinished(async () => {
    account.close()
    await world.end()
  })
  account.transaction(() => account.prepare("INSERT INTO facts VALUES ('owner', 'somebody')").run())
  world.message('+15555550101', 'M1')
  expect(world.store.countAfter(0)).toBe(0)
  account.commit()
  expect(world.store.countAfter(0)).toBe(1)
  expect(world.view().queued).toBe(1)
})
