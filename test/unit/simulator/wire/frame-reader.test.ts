import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { frame, FrameReader } from '../../../../src/simulator/wire/frame-reader.ts'

const INTRO = Buffer.from([0x57, 0x41, 6, 3])
const ROUTING = Buffer.from([8, 2, 8, 5])
const ROUTED_INTRO = Buffer.concat([Buffer.from([0x45, 0x44, 0, 1, 0, 0, ROUTING.length]), ROUTING, INTRO])

describe('FrameReader', () => {
  it('finds the same frames however the stream is cut', () => {
    const payloads = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 })
    const cuts = fc.array(fc.nat(40), { minLength: 1, maxLength: 200 })
    fc.assert(
      fc.property(payloads, cuts, fc.boolean(), (sent, sizes, isRouted) => {
        const stream = Buffer.concat([isRouted ? ROUTED_INTRO : INTRO, ...sent.map(frame)])
        const reader = new FrameReader()
        const received: Buffer[] = []
        for (let at = 0, index = 0; at < stream.length; index++) {
          const size = 1 + (sizes[index % sizes.length] ?? 0)
          received.push(...reader.push(stream.subarray(at, at + size)))
          at += size
        }
        expect(received.map((each) => each.toString('hex'))).toEqual(
          sent.map((each) => Buffer.from(each).toString('hex')),
        )
        expect(reader.intro).toEqual(INTRO)
        expect(reader.routingInfo).toEqual(isRouted ? ROUTING : Buffer.alloc(0))
      }),
    )
  })

  it('refuses a stream that does not open like one of WhatsApp', () => {
    expect(() => new FrameReader().push(Buffer.from('GET / HTTP/1.1'))).toThrow('wrong intro')
  })
})
