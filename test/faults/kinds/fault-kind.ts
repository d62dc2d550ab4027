import type { SeededRandom } from '../../../src/simulator/seeded-random.ts'
import type { Stage } from '../stage.ts'

/** A fault with everything about it decided. */
export interface PlannedFault {
  /** What a history shows. */
  parameters: Readonly<Record<string, unknown>>
  /** Hurts the bot and gives it back what it needs to go on. */
  strike(stage: Stage): Promise<void>
}

/** One way to hurt a bot. */
export interface FaultKind {
  readonly name: string
  /** How often it is chosen, in relation to the others. */
  readonly weight: number
  /** What the stage must have for it. */
  readonly needs?: 'smallDisk' | 'clock' | 'assistant'
  /** The bot has to recover by itself: nobody tells it to connect, and waiting takes longer. */
  readonly isLeftAlone?: true
  plan(random: SeededRandom): PlannedFault
}
