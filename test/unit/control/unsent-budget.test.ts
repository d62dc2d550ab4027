import { expect, it } from 'vitest'
import { type Holder, UnsentBudget } from '../../../src/control/unsent-budget.ts'

class Peer implements Holder {
  heldBytes = 0
  isCutOff = false
  readonly #budget: UnsentBudget

  constructor(budget: UnsentBudget) {
    this.#budget = budget
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
