import { makeEventBuffer } from '@whiskeysockets/baileys'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { HeldEvents } from '../../../../../src/transports/linked-device/socket/held-events.ts'
import { createLogger } from '../../../../../src/observability/log/logger.ts'

/** Baileys' own buffer, which releases what it holds after half a minute by itself. */
const events = () => makeEventBuffer(createLogger({ level: 'silent' }))
const chat = [{ id: '15555550101@s.whatsapp.net', unreadCount: 1 }]

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

it('releases what Baileys holds back, a quarter of a second later at most', () => {
  const ev = events()
  const heard: unknown[] = []
  ev.on('chats.upsert', (chats) => heard.push(...chats))
  const held = new HeldEvents(ev)
  ev.buffer()
  ev.emit('chats.upsert', chat)
  expect(heard).toEqual([])
  vi.advanceTimersByTime(250)
  expect(heard).toMatchObject(chat)
  expect(ev.isBuffering()).toBe(false)
  held.stop()
})

it('releases what is held by a function that Baileys made before and that never ends', () => {
  const ev = events()
  const heard: unknown[] = []
  ev.on('chats.upsert', (chats) => heard.push(...chats))
  const forgotten = ev.createBufferedFunction(async () => {
    ev.emit('chats.upsert', chat)
    await new Promise(() => {})
  })
  const held = new HeldEvents(ev)
  void forgotten()
  expect(heard).toEqual([])
  vi.advanceTimersByTime(250)
  expect(heard).toMatchObject(chat)
  held.stop()
})

it('does so each time', () => {
  const ev = events()
  const heard: unknown[] = []
  ev.on('chats.upsert', (chats) => heard.push(...chats))
  const held = new HeldEvents(ev)
  for (let round = 1; round <= 3; round += 1) {
    ev.buffer()
    ev.emit('chats.upsert', [{ ...chat[0], id: `${round}@s.whatsapp.net` }])
    vi.advanceTimersByTime(250)
    expect(heard).toHaveLength(round)
  }
  held.stop()
})

it('has no timer while nothing is held, and none after the end', () => {
  const ev = events()
  const held = new HeldEvents(ev)
  ev.emit('chats.upsert', chat)
  expect(vi.getTimerCount()).toBe(0)
  ev.buffer()
  ev.emit('chats.upsert', chat)
  held.release()
  expect(vi.getTimerCount()).toBe(0)
  held.stop()
  ev.emit('chats.upsert', chat)
  expect(vi.getTimerCount()).toBe(0)
})
