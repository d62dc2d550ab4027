import { Curve } from '@whiskeysockets/baileys'
import { describe, expect, it } from 'vitest'
import { keyPairStock } from '../../../../../src/transports/linked-device/signal/key-pair-stock.ts'

describe('key pairs made ahead', () => {
  it('are what Baileys gets, each once, and they agree on secrets', async () => {
    const madeAtOnce = Curve.generateKeyPair()
    keyPairStock.install()
    keyPairStock.install()
    await keyPairStock.fill(3)
    const pairs = Array.from({ length: 3 }, () => Curve.generateKeyPair())
    expect(new Set(pairs.map(({ private: key }) => Buffer.from(key).toString('hex'))).size).toBe(3)
    for (const pair of pairs) {
      expect(pair.public).toHaveLength(madeAtOnce.public.length)
      expect(pair.private).toHaveLength(madeAtOnce.private.length)
      expect(Curve.sharedKey(pair.private, madeAtOnce.public)).toEqual(
        Curve.sharedKey(madeAtOnce.private, pair.public),
      )
    }
  })

  it('are made at once where the stock has none', () => {
    keyPairStock.install()
    const [one, other] = [Curve.generateKeyPair(), Curve.generateKeyPair()]
    expect(one.private).not.toEqual(other.private)
  })
})
