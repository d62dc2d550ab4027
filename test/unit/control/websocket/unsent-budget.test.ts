import { expect, it } from 'vitest'
import { UnsentBudget, type UnsentQueue } from '../../../../src/control/websocket/unsent-budget.ts'

class Peer implements UnsentQueue {
  heldBytes = 0
  isCutOff = false
  readonly holder: string
  readonly #budget: UnsentBudget

  constructor(budget: UnsentBudget, holder = `peer ${Math.random()}`) {
    this.#budget = budget
    this.holder = holder
  }

  hold(bytes: number): void {
    this.heldBytes += bytes
    this.#budget.changed(this, bytes)
  }

  cutOff(): void {
    this.isCutOff = true
    this.hold(-this.heldBytes)
  }
}

it('cuts off who holds the most when all together hold too much, and nobody else', () => {
  const budget = new UnsentBudget(1_000)
  const [greedy, modest, late] = [new Peer(budget), new Peer(budget), new Peer(budget)]
  greedy.hold(700)
  modest.hold(200)
  late.hold(100)
  expect([greedy, modest, late].map(({ isCutOff }) => isCutOff)).toEqual([false, false, false])
  late.hold(1)
  expect([greedy, modest, late].map(({ isCutOff }) => isCutOff)).toEqual([true, false, false])
  modest.hold(500)
  expect(modest.isCutOff).toBe(false)
})

it('counts what was read again as free', () => {
  const budget = new UnsentBudget(1_000)
  const [first, second] = [new Peer(budget), new Peer(budget)]
  for (let round = 0; round < 10; round += 1) {
    first.hold(900)
    first.hold(-900)
  }
  second.hold(1_000)
  expect([first.isCutOff, second.isCutOff]).toEqual([false, false])
})

// Many sockets of one token, each with little, cut off the slow socket of the owner.
it('cuts off a socket of whoever holds the most on all sockets together', () => {
  const budget = new UnsentBudget(1_000)
  const owner = new Peer(budget, 'local')
  const crowd = Array.from({ length: 6 }, () => new Peer(budget, 'jwt user-1'))
  owner.hold(300)
  for (const peer of crowd) peer.hold(120)
  expect(owner.isCutOff).toBe(false)
  expect(crowd.filter(({ isCutOff }) => isCutOff)).toHaveLength(1)
})
