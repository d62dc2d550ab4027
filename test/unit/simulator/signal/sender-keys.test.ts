import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { SenderKeyChain } from '../../../../src/simulator/signal/sender-key-chain.ts'
import { SenderKeys } from '../../../../src/simulator/signal/sender-keys.ts'

const GROUP = { jid: '120363000000000001@g.us', epoch: 0 }
const ALICE = { key: '1/0' }
const BERND = { key: '2/0' }
const MALLORY = { key: '3/0' }

describe('SenderKeys', () => {
  /** Alice, whose key Bernd was given when she had written nothing. */
  const pair = () => {
    const alice = new SenderKeys(randomBytes)
    const bernd = new SenderKeys(randomBytes)
    bernd.accept(GROUP.jid, ALICE, alice.handOut(GROUP, BERND))
    const write = (text: string): Buffer => alice.encrypt(GROUP, Buffer.from(text))
    const read = (body: Buffer): string => bernd.decrypt(GROUP.jid, ALICE, body).toString()
    return { alice, bernd, write, read }
  }

  it('reads in any order, and each message once', () => {
    const { write, read } = pair()
    const [first, second, third] = ['first', 'second', 'third'].map(write) as [Buffer, Buffer, Buffer]
    expect([read(third), read(first), read(second)]).toEqual(['third', 'first', 'second'])
    expect(() => read(second)).toThrow('old counter 1')
  })

  it('reads nothing from before the key was handed out', () => {
    const { alice, bernd, write } = pair()
    const carla = new SenderKeys(randomBytes)
    const before = write('before')
    carla.accept(GROUP.jid, ALICE, alice.handOut(GROUP, MALLORY))
    expect(carla.decrypt(GROUP.jid, ALICE, write('after')).toString()).toBe('after')
    expect(() => carla.decrypt(GROUP.jid, ALICE, before)).toThrow('old counter 0')
    expect(bernd.decrypt(GROUP.jid, ALICE, before).toString()).toBe('before')
  })

  it('refuses what the sender did not sign', () => {
    const { write, read } = pair()
    const body = write('I owe you 10')
    const forged = Buffer.concat([body.subarray(0, -64), write('I owe you nothing').subarray(-64)])
    expect(() => read(forged)).toThrow('Invalid signature!')
    expect(read(body)).toBe('I owe you 10')
  })

  it('keeps senders and groups apart', () => {
    const { bernd, write } = pair()
    const body = write('mine')
    expect(() => bernd.decrypt(GROUP.jid, MALLORY, body)).toThrow('no sender key')
    expect(() => bernd.decrypt('120363000000000002@g.us', ALICE, body)).toThrow('no sender key')
  })

  it('keeps its place when a key that it knows is handed out again', () => {
    const { alice, bernd, write, read } = pair()
    const early = write('early')
    expect(read(write('late'))).toBe('late')
    bernd.accept(GROUP.jid, ALICE, alice.handOut(GROUP, BERND))
    expect(read(early)).toBe('early')
  })

  it('makes a new key for everybody when somebody has left, and still reads the old one', () => {
    const { alice, bernd, write, read } = pair()
    const onItsWay = write('on its way')
    const later = { ...GROUP, epoch: 1 }
    expect(alice.lacksKey(GROUP, BERND)).toBe(false)
    expect(alice.lacksKey(later, BERND)).toBe(true)
    const body = alice.encrypt(later, Buffer.from('new'))
    expect(() => read(body)).toThrow('no sender key')
    const next = alice.handOut(later, BERND)
    bernd.accept(GROUP.jid, ALICE, next)
    expect(read(alice.encrypt(later, Buffer.from('newer')))).toBe('newer')
    expect(read(onItsWay)).toBe('on its way')
  })

  it('forgets what a device gave it', () => {
    const { bernd, write, read } = pair()
    bernd.forget(ALICE)
    expect(() => read(write('lost'))).toThrow('no sender key')
  })

  it('does not run after a counter that is far ahead', () => {
    expect(() => new SenderKeyChain(0, randomBytes(32)).at(2001)).toThrow('too far ahead')
    expect(new SenderKeyChain(0, randomBytes(32)).at(2000)).toHaveLength(32)
  })

  it('refuses a distribution without keys', () => {
    const { bernd } = pair()
    expect(() => bernd.accept(GROUP.jid, ALICE, Buffer.from([0x33]))).toThrow('no sender key in')
  })
})
