import { describe, expect, it } from 'vitest'
import { FrameLane } from '../../../../../src/transports/linked-device/socket/frame-lane.ts'

/** Reads a byte a stanza, as Baileys reads frames: one that fails is consumed, and what stands behind it is kept. */
class Reader {
  readonly stanzas: number[] = []
  readonly leftOut: unknown[] = []
  readonly lane = new FrameLane((error) => this.leftOut.push(error))
  #rest: number[] = []

  take(...bytes: number[]): Promise<unknown> {
    return this.lane.take(Uint8Array.from(bytes), (part) => {
      this.#rest.push(...part)
      for (let next = this.#rest.shift(); next !== undefined; next = this.#rest.shift()) this.#read(next)
    })
  }

  #read(byte: number): void {
    if (byte === 0) throw new Error('end of stream')
    if (byte === 1) throw new Error('Unsupported state or unable to authenticate data')
    this.lane.stanzaRead()
    if (byte === 2) {
      this.lane.listenerFailed()
      throw new Error('the disk is full')
    }
    this.stanzas.push(byte)
  }
}

describe('frames that come', () => {
  it('are read past those that cannot be', async () => {
    const reader = new Reader()
    await reader.take(7, 0, 8, 0, 9)
    await reader.take(0)
    await reader.take(10)
    expect(reader.stanzas).toEqual([7, 8, 9, 10])
    expect(reader.leftOut).toHaveLength(3)
  })

  it.each([
    ['two in a row cannot be read', [7, 0, 0, 8], 'end of stream'],
    ['one does not decrypt', [7, 1, 8], 'unable to authenticate'],
    ['a listener fails', [7, 2, 8], 'the disk is full'],
  ])('are read no further where %s', async (_what, bytes, why) => {
    const reader = new Reader()
    await expect(reader.take(...bytes)).rejects.toThrow(why)
    expect(reader.stanzas).toEqual([7])
  })

  it('are read in their order, and the end of the connection comes behind them', async () => {
    const lane = new FrameLane(() => undefined)
    const seen: string[] = []
    const slow = lane.take(new Uint8Array(), async () => {
      await new Promise((resolve) => void setImmediate(resolve))
      seen.push('first')
    })
    await Promise.all([
      slow,
      lane.take(new Uint8Array(), () => seen.push('second')),
      lane.run(() => seen.push('end')),
    ])
    expect(seen).toEqual(['first', 'second', 'end'])
  })
})
