import { expect, it } from 'vitest'
import { NothingElse } from '../../../../src/conversations/outbox/nothing-else.ts'

it('knows nothing before everything was looked at', () => {
  expect(new NothingElse().beside([])).toBe(false)
})

it('says so for the conversations that all waits in, and for more', () => {
  const nothingElse = new NothingElse()
  nothingElse.found([1, 2])
  expect(nothingElse.beside([1, 2])).toBe(true)
  expect(nothingElse.beside([3, 2, 1])).toBe(true)
  // One of them is free again.
  expect(nothingElse.beside([2])).toBe(false)
})

it('goes on where more waits in the same conversation, and ends where something waits in another one, or may', () => {
  const nothingElse = new NothingElse()
  nothingElse.found([1])
  nothingElse.added(1)
  expect(nothingElse.beside([1])).toBe(true)
  nothingElse.added(2)
  expect(nothingElse.beside([1])).toBe(false)
  expect(nothingElse.beside([1, 2])).toBe(false)
  nothingElse.found([1])
  nothingElse.forget()
  expect(nothingElse.beside([1])).toBe(false)
})
