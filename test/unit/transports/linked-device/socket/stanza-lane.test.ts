import type { BinaryNode } from '@whiskeysockets/baileys'
import { expect, it } from 'vitest'
import { StanzaLane } from '../../../../../src/transports/linked-device/socket/stanza-lane.ts'

const stanza = (id: string): BinaryNode => ({ tag: 'message', attrs: { id } })

it('handles one stanza after the other, and says which of them waited', async () => {
  let now = 0
  const seen: string[] = []
  const lane = new StanzaLane(
    new AbortController().signal,
    {
      finished: ({ attrs }) => seen.push(`finished ${attrs.id}`),
      waited: ({ attrs }) => seen.push(`waited ${attrs.id}`),
    },
    () => now,
  )
  const takesTwoSeconds = ({ attrs }: BinaryNode): Promise<void> => {
    seen.push(`begun ${attrs.id}`)
    now += 2_000
    return Promise.resolve()
  }
  await Promise.all([lane.take(stanza('1'), takesTwoSeconds), lane.take(stanza('2'), takesTwoSeconds)])
  await lane.take(stanza('3'), takesTwoSeconds)
  expect(seen).toEqual([
    'begun 1',
    'finished 1',
    'waited 2',
    'begun 2',
    'finished 2',
    'begun 3',
    'finished 3',
  ])
})

// What comes together is decrypted and answered without a wait for the network: a backlog would hold up everything else.
it('lets others have their turn between stanzas that come together', async () => {
  const lane = new StanzaLane(new AbortController().signal, { finished: () => {}, waited: () => {} }, () => 0)
  const seen: string[] = []
  const takesLong = async ({ attrs }: BinaryNode): Promise<void> => {
    seen.push(`begun ${attrs.id}`)
    const until = performance.now() + 20
    while (performance.now() < until);
  }
  setImmediate(() => seen.push('others'))
  await Promise.all(['1', '2', '3'].map((id) => lane.take(stanza(id), takesLong)))
  expect(seen.indexOf('others')).toBe(1)
})

// A message that waits behind others for a minute is not one of which nothing comes.
it('says since when it deals with one stanza, whatever waits behind that', async () => {
  let now = 5
  const lane = new StanzaLane(
    new AbortController().signal,
    { finished: () => {}, waited: () => {} },
    () => now,
  )
  const since: (number | null)[] = [lane.turnSince]
  const takesTen = (): void => {
    since.push(lane.turnSince)
    now += 10
    since.push(lane.turnSince)
  }
  await Promise.all(['1', '2', '3'].map((id) => lane.take(stanza(id), takesTen)))
  expect([...since, lane.turnSince]).toEqual([null, 5, 5, 15, 15, 25, 25, null])
})

it('knows a stanza from when it comes until its turn is over', async () => {
  const lane = new StanzaLane(new AbortController().signal, { finished: () => {}, waited: () => {} }, () => 0)
  const isTwo = ({ attrs }: BinaryNode): boolean => attrs.id === '2'
  const seen: boolean[] = [lane.hasOpen(isTwo)]
  const look = (): void => void seen.push(lane.hasOpen(isTwo))
  await Promise.all(['1', '2', '3'].map((id) => lane.take(stanza(id), look)))
  expect([...seen, lane.hasOpen(isTwo)]).toEqual([false, true, true, false, false])
})
