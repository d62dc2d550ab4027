import { setTimeout as delay } from 'node:timers/promises'
import type { LinkedCompanion } from '../../src/simulator/server/linked-companion.ts'
import type { Simulator } from '../../src/simulator/simulator.ts'
import type { Assistant } from './assistants/assistant.ts'
import type { Bot } from './bot.ts'
import type { CastGroup } from './cast.ts'
import type { EventReceiver } from './programs/event-receiver.ts'
import type { SendingProgram } from './programs/sending-program.ts'
import type { Place } from './question.ts'
import type { SmallDisk } from './small-disk.ts'
import type { WallClock } from './wall-clock.ts'
import type { Wire } from './wire.ts'

/** Everything a fault can lay hands on. */
export interface Stage {
  readonly simulator: Simulator
  readonly bot: Bot
  /** Who answers; `null`: the bot itself. */
  readonly assistant: Assistant | null
  readonly wire: Wire
  /** Sends by the control plane, and gets events; `null`: a bot without one. */
  readonly program: SendingProgram | null
  readonly events: EventReceiver | null
  /** Ids of what people wrote lately, oldest first. */
  readonly sentIds: readonly string[]
  /** Where the bot keeps its state; `null` when it is an ordinary directory. */
  readonly disk: SmallDisk | null
  /** The bot's databases cannot grow while this file exists; it looks when it starts and at SIGUSR2. */
  readonly fullFile: string
  /** The clock of WhatsApp and the bot; `null` when it is the machine's. */
  readonly clock: WallClock | null
  /** Where something is written in a group, or alone with the assistant. */
  placeOf(group: CastGroup | null): Place
  /** The linked device, as WhatsApp knows it. */
  companion(): LinkedCompanion
  /** Adds to the history of the run. */
  note(what: string): void
  /** The bot was killed: counted, and part of the history. */
  killed(): void
  /** Questions of this run may go without an answer: who answers them dies. */
  excuse(): void
  /** Something that must never happen. */
  corrupt(what: string): void
}

/** Kills the bot, looks at what it leaves, and spawns it again after `downMs`. */
export async function killAndRestart(
  stage: Stage,
  { downMs, looks }: { downMs: number; looks: boolean },
): Promise<void> {
  await stage.bot.end('SIGKILL')
  stage.killed()
  if (looks) for (const damage of stage.bot.damage()) stage.corrupt(`after a kill: ${damage}`)
  await delay(downMs)
  stage.bot.spawn()
}
