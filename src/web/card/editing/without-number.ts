import type { NumbersDraft } from '../state/card-ui.ts'

/** The draft after `number` was removed, with the name that was typed for it. */
export function withoutNumber(draft: NumbersDraft, number: string): NumbersDraft {
  const numbers = draft.numbers.filter((entry) => entry !== number)
  const isListed = numbers.length < draft.numbers.length
  const removed =
    draft.removed === null || isListed ? draft.removed : [...new Set([...draft.removed, number])]
  const names = Object.fromEntries(Object.entries(draft.names).filter(([named]) => named !== number))
  return { ...draft, numbers, removed, names }
}
