import { EventEmitter } from 'node:events'
import { type BinaryNode, getBinaryNodeChild, INITIAL_PREKEY_COUNT } from '@whiskeysockets/baileys'
import { describe, expect, it } from 'vitest'
import { awaitKeys } from '../../../../../src/transports/linked-device/socket/await-keys.ts'

describe('answers that wait for keys', () => {
  it('are those that say that there are none', async () => {
    const ws = new EventEmitter()
    const made: number[] = []
    awaitKeys(ws, (count) => Promise.resolve(void made.push(count)))
    const heard: unknown[] = []
    ws.on('TAG:1', (stanza) => heard.push(stanza))
    const answer = (value: string): BinaryNode => ({
      tag: 'iq',
      attrs: { id: '1' },
      content: [{ tag: 'count', attrs: { value } }],
    })
    ws.emit('TAG:1', answer('5'))
    expect([heard.length, made]).toEqual([1, []])
    ws.emit('TAG:1', answer('0'))
    expect(heard).toHaveLength(1)
    await expect.poll(() => heard).toHaveLength(2)
    expect(made).toEqual([INITIAL_PREKEY_COUNT])
  })

  // Baileys remembered the children of every stanza, and found in them what had been taken out since.
  it('are read without a trace: Baileys sees the stanza as it is by then', () => {
    const ws = new EventEmitter()
    awaitKeys(ws, () => Promise.resolve())
    const stanza: BinaryNode = { tag: 'receipt', attrs: { id: '1' }, content: [{ tag: 'retry', attrs: {} }] }
    ws.emit('TAG:1', stanza)
    stanza.content = []
    expect(getBinaryNodeChild(stanza, 'retry')).toBeUndefined()
  })
})
