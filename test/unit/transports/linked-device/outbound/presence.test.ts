import { describe, expect, it } from 'vitest'
import {
  Presence,
  type PresenceSocket,
} from '../../../../../src/transports/linked-device/outbound/presence.ts'

// What two chats told overtook each other: the device went offline while somebody was being answered, and "typing…" was not shown.

interface Connection extends PresenceSocket {
  frames: string[]
}

/** Takes a moment for each frame. With `broken`, it sends none. */
function connection({ broken = false } = {}): Connection {
  const frames: string[] = []
  return {
    frames,
    authState: { creds: { me: { name: 'Owner' } } },
    async sendPresenceUpdate(type, to) {
      await new Promise((resolve) => setImmediate(resolve))
      if (broken) throw new Error('the connection is gone')
      frames.push(to === undefined ? type : `${type} ${to}`)
    },
  }
}

function presenceOver(first: Connection): { presence: Presence; reconnect: (next: Connection) => void } {
  let open = first
  const presence = new Presence({ openSocket: () => open, logger: { debug: () => undefined } })
  const reconnect = (next: Connection): void => {
    open = next
    presence.reset()
  }
  return { presence, reconnect }
}

describe('who types', () => {
  it('is told in order, and the device is online until the last chat has ended', async () => {
    const socket = connection()
    const { presence } = presenceOver(socket)
    await presence.set('a', 'a', true)
    await Promise.all([
      presence.set('a', 'a', false),
      presence.set('b', 'b', true),
      presence.set('b', 'b', true),
    ])
    expect(socket.frames).toEqual(['available', 'composing a', 'paused a', 'composing b', 'composing b'])
    await presence.set('b', 'b', false)
    expect(socket.frames.slice(-2)).toEqual(['paused b', 'unavailable'])
  })

  it('is told that the device is online as soon as the account has a name', async () => {
    const socket = connection()
    socket.authState.creds.me = {}
    const { presence } = presenceOver(socket)
    await presence.set('a', 'a', true)
    expect(socket.frames).toEqual(['composing a'])
    socket.authState.creds.me = { name: 'Owner' }
    await presence.set('a', 'a', true)
    expect(socket.frames.slice(1)).toEqual(['available', 'composing a'])
  })

  it('is told of the end in every chat before the device is offline', async () => {
    const socket = connection()
    const { presence } = presenceOver(socket)
    await Promise.all([presence.set('a', 'a', true), presence.set('b', 'b', true)])
    await Promise.all([presence.set('a', 'a', false), presence.set('b', 'b', false)])
    expect(socket.frames.slice(-3)).toEqual(['paused a', 'paused b', 'unavailable'])
  })

  it('is not told of what has ended before', async () => {
    const socket = connection()
    const { presence } = presenceOver(socket)
    await Promise.all([presence.set('a', 'a', true), presence.set('a', 'a', false)])
    expect(socket.frames).toEqual(['paused a'])
  })

  it('is told anew on another connection, which begins offline', async () => {
    const { presence, reconnect } = presenceOver(connection({ broken: true }))
    const lost = presence.set('a', 'a', true)
    const next = connection()
    reconnect(next)
    await Promise.all([lost, presence.set('b', 'b', true)])
    await presence.set('a', 'a', false)
    expect(next.frames).toEqual(['available', 'composing b', 'paused a'])
  })
})
