import { expect, test } from 'vitest'
import { Places } from '../../../src/timing/places.ts'

const never = new AbortController().signal

async function isPending(promise: Promise<unknown>): Promise<boolean> {
  return (await Promise.race([promise.then(() => 'over'), Promise.resolve('pending')])) === 'pending'
}

test('who comes when all places are taken waits, first come, first served', async () => {
  const places = new Places(2)
  const first = await places.take(never)
  await places.take(never)
  const order: string[] = []
  const third = places.take(never).then((free) => (order.push('third'), free))
  const fourth = places.take(never).then((free) => (order.push('fourth'), free))
  expect(await isPending(third)).toBe(true)
  first()
  first()
  const free = await third
  expect(order).toEqual(['third'])
  free()
  await fourth
  expect(order).toEqual(['third', 'fourth'])
})

test('who is called off while waiting leaves the place to the next', async () => {
  const places = new Places(1)
  const first = await places.take(never)
  const abort = new AbortController()
  const reason = new Error('called off')
  const second = places.take(abort.signal)
  const third = places.take(never)
  abort.abort(reason)
  await expect(second).rejects.toBe(reason)
  first()
  ;(await third)()
  ;(await places.take(never))()
  await expect(places.take(AbortSignal.abort(reason))).rejects.toBe(reason)
})

test('a place can be taken without a wait, where one is free', async () => {
  const places = new Places(1)
  const leave = places.takeNow()
  expect([leave, places.takeNow()]).toEqual([expect.any(Function), null])
  const waiting = places.take(never)
  leave?.()
  ;(await waiting)()
  expect(places.takeNow()).not.toBeNull()
})
