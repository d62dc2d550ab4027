import type { AccountConfig } from '../../config/model.ts'
import { type ChatCommand, findAgent } from './command-grammar.ts'
import type { ChosenAgents } from '../routing/chosen-agents.ts'
import type { Committed } from '../store/commit-group.ts'
import type { InboxRow } from '../store/inbox-store.ts'
import type { ReplyWriter } from '../replies/reply-writer.ts'
import type { Place, Routing } from '../routing/routing.ts'
import { standardAgent } from '../routing/standard-agent.ts'
import type { TurnRow } from '../turns/turn-store.ts'

/** Agents that one answer lists. */
const MAX_LISTED = 40
const MAX_NAME_LENGTH = 60
/** Takes a choice back, where no agent is called so. */
const NOBODY = 'default'

export interface ChatCommandsDependencies {
  routing: Routing
  chosen: ChosenAgents
  replies: ReplyWriter
  config: () => AccountConfig
}

/** Does what people ask of the daemon itself, and answers in a sentence of its own. No agent hears of it. */
export class ChatCommands {
  readonly #deps: ChatCommandsDependencies

  constructor(deps: ChatCommandsDependencies) {
    this.#deps = deps
  }

  /** Inside of the transaction that ends the turn. `rows` are commands alone. */
  execute(turn: TurnRow, rows: readonly InboxRow[]): Committed {
    const { routing, replies } = this.#deps
    const said = rows.flatMap((row) => {
      const order = routing.orderOf(row)
      return order?.kind === 'command' ? [replies.say(turn, [row], this.#answer(order, turn, row))] : []
    })
    return () => {
      for (const each of said) each()
    }
  }

  #answer(command: ChatCommand, place: Place, { sender, sent_at }: InboxRow): string {
    if (command.name === 'agents') return this.#list(place, sender, sent_at)
    if (command.id === null) return this.#whoAnswers(place, sender, sent_at)
    return this.#choose(command.id, place, sender, sent_at)
  }

  #choose(written: string, place: Place, person: string, at: number): string {
    const { routing, chosen, config } = this.#deps
    const ids = Object.keys(config().agents)
    const agent = findAgent(written, ids)
    if (agent === null && written.toLowerCase() === NOBODY) {
      chosen.forget(place.conversation, person)
      return `${standardAgent(place, person, config())} answers you here again.`
    }
    if (agent === null) {
      const [word = ''] = written.split(/\s/, 1)
      const meant = word === written ? null : findAgent(word, ids)
      if (meant !== null) return `Write "/agent ${meant}" alone, or begin a question with "@${meant} ".`
      return `There is no agent "${clipped(written)}". There are: ${listed(ids).join(', ')}.`
    }
    if (routing.ttlMs === 0) {
      return `A choice does not stick here. Begin a message with "@${agent} " to ask ${agent}.`
    }
    routing.choose(place.conversation, person, agent, at)
    return `${agent} answers you here from now on, until ${this.#span()} after your last message.`
  }

  #whoAnswers(place: Place, person: string, at: number): string {
    const { routing, config } = this.#deps
    // This question is a message, too: it keeps what it asks about.
    const { agent, until } = routing.answererOf(place, person, at)
    if (until === null) return `${agent} answers you here. Write "/agents" to see who else could.`
    routing.heard(place.conversation, person, at)
    const time = `${clock(until, at)} UTC`
    const next = standardAgent(place, person, config())
    const after = next === agent ? '' : ` Then ${next} does; at once with "/agent ${NOBODY}".`
    return `${agent} answers you here until ${time}, ${this.#span()} after your last message.${after}`
  }

  #list(place: Place, person: string, at: number): string {
    const { agents } = this.#deps.config()
    const { agent: present } = this.#deps.routing.answererOf(place, person, at)
    const lines = Object.entries(agents).map(([id, { name }]) => {
      const known = name === undefined || name === '' ? id : `${id} (${clipped(name)})`
      return `- ${known}${id === present ? ', who answers you here' : ''}`
    })
    return [
      'Agents:',
      ...listed(lines),
      'Write "/agent" and a name to choose, or begin a message with "@" and a name.',
    ].join('\n')
  }

  #span(): string {
    const { stickyTtlMinutes } = this.#deps.config()
    return stickyTtlMinutes === 1 ? '1 minute' : `${stickyTtlMinutes} minutes`
  }
}

/** Hours and minutes, with the day when it is another; both in milliseconds since 1970. */
function clock(until: number, from: number): string {
  const [day = '', time = ''] = new Date(until).toISOString().split('T')
  const isToday = new Date(from).toISOString().startsWith(day)
  return `${isToday ? '' : `${day} `}${time.slice(0, 5)}`
}

function listed(entries: readonly string[]): string[] {
  const more = entries.length - MAX_LISTED
  return more > 0 ? [...entries.slice(0, MAX_LISTED), `and ${more} more`] : [...entries]
}

function clipped(text: string): string {
  const characters = Array.from(text)
  return characters.length > MAX_NAME_LENGTH ? `${characters.slice(0, MAX_NAME_LENGTH).join('')}…` : text
}
