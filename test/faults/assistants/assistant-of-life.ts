import type { Assistant } from './assistant.ts'
import { AttachedRepeater } from './attached-repeater.ts'
import { RepeatingProgram } from './repeating-program.ts'
import { RepeatingServer } from './repeating-server.ts'

/** In the order of the lives; `null`: the bot repeats by itself. */
const MAKERS: readonly (() => Assistant | null)[] = [
  () => null,
  () => new AttachedRepeater(),
  () => new RepeatingProgram('stay'),
  () => new RepeatingServer('model'),
  () => new RepeatingProgram('acp'),
  () => new RepeatingProgram('turn'),
  () => new RepeatingServer('webhook'),
]

/** Who answers in the life with this seed: one kind after the other, so that a round of several lives has all of them. */
export function assistantOfLife(seed: number): Assistant | null {
  return MAKERS[seed % MAKERS.length]?.() ?? null
}
