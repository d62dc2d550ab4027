import { describe, expect, it } from 'vitest'
import { OfflineQueue } from '../../../../../src/simulator/server/offline/offline-queue.ts'
import { stanza } from '../../../../../src/simulator/wire/stanza.ts'

const ALICE = '200000000000002@lid'
const BOB = '200000000000003@lid'
const OWN_PHONE = '100000000000001@lid'

const message = (id: string, from = ALICE, recipient?: string) => stanza('message', { id, from, recipient })
const receipt = (id: string, to?: string, type?: string) => stanza('receipt', { id, to, type })
const ack = (id: string, to: string, kind: string, type?: string) =>
  stanza('ack', { id, to, class: kind, type })

describe('OfflineQueue', () => {
  const queueOf = (...stanzas: ReturnType<typeof stanza>[]): OfflineQueue => {
    const queue = new OfflineQueue()
    for (const each of stanzas) queue.add(each)
    return queue
  }
  const ids = (queue: OfflineQueue) => queue.entries().map(({ attrs }) => `${attrs.id} ${attrs.from}`)

  it('keeps what is not answered, in order', () => {
    const queue = queueOf(message('A'), message('B'), message('C'))
    queue.settle(receipt('B', ALICE, 'inactive'))
    expect(ids(queue)).toEqual([`A ${ALICE}`, `C ${ALICE}`])
    expect(queue.size).toBe(2)
  })

  it('tells two senders with the same id apart', () => {
    const queue = queueOf(message('A', ALICE), message('A', BOB))
    queue.settle(receipt('A', BOB))
    expect(ids(queue)).toEqual([`A ${ALICE}`])
  })

  it('tells two members of a group with the same id apart', () => {
    const inGroup = (tag: string, name: 'from' | 'to', participant: string) =>
      stanza(tag, { id: 'A', [name]: '120363000000000001@g.us', participant })
    const queue = queueOf(inGroup('message', 'from', ALICE), inGroup('message', 'from', BOB))
    queue.settle(inGroup('receipt', 'to', BOB))
    expect(queue.entries().map(({ attrs }) => attrs.participant)).toEqual([ALICE])
  })

  it('settles a message by a receipt, a retry or a refusal', () => {
    const queue = queueOf(message('A'), message('B'), message('C'))
    queue.settle(receipt('A', ALICE))
    queue.settle(receipt('B', ALICE, 'retry'))
    queue.settle(ack('C', ALICE, 'message'))
    expect(queue.size).toBe(0)
  })

  it('is held up by a message that is refused with an error, until it is acknowledged without one', () => {
    const refusal = (id: string, kind: string) =>
      stanza('ack', { id, to: ALICE, class: kind, error: kind === 'message' ? '500' : '488' })
    const queue = queueOf(message('A'), stanza('survey', { id: 'B', from: ALICE }))
    queue.settle(refusal('A', 'message'))
    queue.settle(refusal('B', 'survey'))
    expect(ids(queue)).toEqual([`A ${ALICE}`])
    expect(queue.isHeldUp).toBe(true)
    queue.settle(ack('A', ALICE, 'message'))
    expect(queue.size).toBe(0)
    expect(queue.isHeldUp).toBe(false)
  })

  it('settles what the own phone wrote by a receipt that names the chat, or nobody', () => {
    const queue = queueOf(message('A', OWN_PHONE, ALICE), message('B', OWN_PHONE, ALICE))
    queue.settle(receipt('A', ALICE, 'sender'))
    queue.settle(receipt('B', undefined, 'sender'))
    expect(queue.size).toBe(0)
  })

  it('settles receipts by kind, and all ids of a list', () => {
    const queue = queueOf(
      stanza('receipt', { id: 'A', from: ALICE }),
      stanza('receipt', { id: 'A', from: ALICE, type: 'read' }),
    )
    queue.settle(ack('A', ALICE, 'receipt', 'read'))
    expect(queue.entries()).toMatchObject([{ attrs: { id: 'A' } }])
    const messages = queueOf(message('A'), message('B'), message('C'))
    messages.settle(
      stanza('receipt', { id: 'A', to: ALICE, type: 'read' }, [
        stanza('list', {}, [stanza('item', { id: 'B' }), stanza('item', { id: 'C' })]),
      ]),
    )
    expect(messages.size).toBe(0)
  })

  it('is bounded: the oldest go first', () => {
    const queue = new OfflineQueue()
    for (let index = 0; index < 20_001; index++) queue.add(message(`M${index}`))
    expect(queue.size).toBe(20_000)
    expect(queue.entries()[0]?.attrs.id).toBe('M1')
  })
})
