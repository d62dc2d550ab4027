import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseLinkingQr } from '../../../../src/simulator/linking/qr-code.ts'

const key = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes))

describe('parseLinkingQr', () => {
  it('reads back what a client shows, with and without the link in front', () => {
    fc.assert(
      fc.property(key, key, key, fc.boolean(), (noiseKey, identityKey, advSecret, hasLink) => {
        const fields = [
          '2@ref',
          ...[noiseKey, identityKey, advSecret].map((each) => each.toString('base64')),
          '1',
        ]
        const qr = `${hasLink ? 'https://wa.me/settings/linked_devices#' : ''}${fields.join(',')}`
        expect(parseLinkingQr(qr)).toEqual({
          ref: '2@ref',
          noiseKey,
          identityKey,
          advSecret,
          platformId: '1',
        })
      }),
    )
  })

  it('throws on everything else', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => parseLinkingQr(text)).toThrow('not a linking code')
      }),
    )
  })
})
