/** Somebody is forgotten: the event log must not say that they wrote, nor what they are called. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EventHub, type Subscriber } from '../../../../src/control/events/event-hub.ts'
import { SqliteEventStore } from '../../../../src/control/events/event-store.ts'
import { createLogger } from '../../../../src/observability/log/logger.ts'
import { SECRET, WebhookWorld } from '../webhooks/webhook-world.ts'
import { rawWords } from '../../../support/raw-search.ts'

const AT = '2026-01-31T00:00:00.000Z'
const ANN = '+15550001111'
const logger = createLogger({ level: 'silent' })

describe('the event log', () => {
  let directory = ''
  let store: SqliteEventStore
  let hub: EventHub
  const open = (): void => {
    store = new SqliteEventStore(join(directory, 'daemon.db'), { logger, now: Date.now })
    hub = new EventHub({ store, logger })
    store.start()
    hub.start()
  }
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'erase-events-'))
    open()
  })
  afterEach(() => {
    hub.stop()
    store.stop()
    rmSync(directory, { recursive: true, force: true })
  })

  const reader: Subscriber = { scopes: () => ['read'], topics: null, deliver: () => {} }
  const received = (account: string, phoneNumber: string, name: string): void =>
    hub.publish('message.received', {
      account,
      messageId: 'M',
      conversation: phoneNumber,
      phoneNumber,
      name,
      at: AT,
    })

  it('loses every event of an account that names somebody, and no other', () => {
    received('home', ANN, 'Annsname')
    received('home', '+155500011112', 'Bobsname')
    received('work', ANN, 'Worksname')
    // Not delivered yet when the question comes.
    received('home', ANN, 'Annsname')
    hub.publish('account.removed', { account: 'home' })
    hub.erase('home', [ANN])
    expect(rawWords(directory, ['Annsname'])).toEqual([])
    const { events, gap } = hub.replay(reader, 0)
    expect(events.map(({ eventId, name }) => [eventId, name])).toEqual([
      [2, 'message.received'],
      [3, 'message.received'],
      [5, 'account.removed'],
    ])
    // Who was away is told that something is missing.
    expect(gap).toBe(true)
  })

  it('never gives a number to two events: the newest one stays', () => {
    received('home', '+15550002222', 'Bobsname')
    received('home', ANN, 'Annsname')
    hub.erase('home', [ANN])
    hub.stop()
    store.stop()
    open()
    received('home', '+15550002222', 'Bobsname')
    hub.flush()
    expect(hub.replay(reader, 2).events.map(({ eventId }) => eventId)).toEqual([3])
  })

  it('leaves no delivery to a webhook that names somebody, and the others go on', async () => {
    // Nobody listens there: everything waits.
    const world = new WebhookWorld([{ url: 'http://127.0.0.1:9/hook', secret: SECRET, events: ['*'] }])
    try {
      for (const phoneNumber of [ANN, '+15550002222', ANN]) world.message(phoneNumber, 'M')
      world.hub.publish('account.removed', { account: 'default' })
      world.hub.flush()
      expect(rawWords(world.directory, [ANN])).not.toEqual([])
      world.hub.erase('default', [ANN])
      expect(rawWords(world.directory, [ANN])).toEqual([])
      expect(world.view().queued).toBe(2)
    } finally {
      await world.end()
    }
  })
})
