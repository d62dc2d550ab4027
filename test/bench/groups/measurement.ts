import type { Bot } from '../bots/bot.ts'
import { BareBot } from '../bots/bare.ts'
import { OurBot, type OurBotOptions } from '../bots/ours.ts'
import { within } from '../report/within.ts'
import { SimulatorClient } from '../whatsapp/simulator-client.ts'
import type { GroupSettings } from './group.ts'

const STEP_TIMEOUT_MS = 60_000

interface Part {
  stop(): unknown
}

/** One bot in one round: what it started, and the step that is under way. */
export class Measurement {
  readonly #parts: Part[] = []
  #bot: Bot | null = null
  #step = 'nothing yet'

  /** Is stopped with the measurement; the last one first. */
  own<Owned extends Part>(part: Owned): Owned {
    this.#parts.push(part)
    return part
  }

  simulator(): SimulatorClient {
    return this.own(new SimulatorClient())
  }

  /** The bot of that name; `options` are for ours. */
  bot(name: Bot['name'], settings: GroupSettings, options: Partial<OurBotOptions> = {}): Bot {
    const bot =
      name === 'ours' ? this.ours(settings, options) : this.own(new BareBot({ node: settings.node }))
    this.#bot = bot
    return bot
  }

  ours({ program, node, nodeFlags }: GroupSettings, options: Partial<OurBotOptions> = {}): OurBot {
    const bot = new OurBot({
      program,
      node,
      ...options,
      nodeFlags: [...nodeFlags, ...(options.nodeFlags ?? [])],
    })
    this.#bot = bot
    return this.own(bot)
  }

  /** Waits for one step. Rejects after the limit with its name and with what the bot said last. */
  step<T>(what: string, work: Promise<T>, limitMs = STEP_TIMEOUT_MS): Promise<T> {
    this.#step = what
    return within(what, limitMs, work, () => this.#bot?.lastWords ?? '')
  }

  /** Where it is, for when all of it takes too long. */
  get lastWords(): string {
    return `it was at "${this.#step}"; ${this.#bot?.lastWords ?? ''}`
  }

  /** Never rejects. */
  async stop(): Promise<void> {
    for (const part of this.#parts.splice(0).toReversed()) {
      try {
        await part.stop()
      } catch (error) {
        process.stderr.write(`${String(error)}\n`)
      }
    }
  }
}
