import type { AccountConfig } from '../../config/model.ts'
import { type Order, parseOrder, type Vocabulary } from '../commands/command-grammar.ts'
import { agentModels, type OfferedModel } from './agent-models.ts'
import type { ChosenAgent, ChosenModel, StickyChoices } from './sticky-choices.ts'
import type { CommitGroup } from '../store/commit-group.ts'
import type { Conversation } from '../store/conversation-store.ts'
import type { InboxRow } from '../store/inbox-store.ts'
import type { Admission } from '../intake/admission.ts'
import { standardAgent } from './standard-agent.ts'

const MINUTE_MS = 60_000

type Written = Pick<InboxRow, 'text' | 'chat_kind'>

export interface RoutingDependencies {
  chosen: StickyChoices<ChosenAgent>
  models: StickyChoices<ChosenModel>
  commits: CommitGroup
  admission: Pick<Admission, 'identify'>
  config: () => AccountConfig
  /** The commands, which know this routing: they are handed in. */
  commands: Omit<Vocabulary, 'agents' | 'names'>
}

/**
 * Who answers whom: the agent that the message itself names, then the one that its writer chose there while that
 * sticks, then what the config says of the group, of the person, and of everybody.
 */
export class Routing {
  readonly #deps: RoutingDependencies

  constructor(deps: RoutingDependencies) {
    this.#deps = deps
  }

  /** How long a choice sticks; 0 for not at all. */
  get ttlMs(): number {
    return this.#deps.config().stickyTtlMinutes * MINUTE_MS
  }

  /** What this message asks of the daemon itself, or whom it addresses; `null` for every other message. */
  orderOf({ text, chat_kind }: Written): Order | null {
    const { config, commands } = this.#deps
    const { agents, commands: settings, mentionPatterns } = config()
    const order = parseOrder(
      { text, isGroup: chat_kind === 'group' },
      { agents: Object.keys(agents), names: mentionPatterns.patterns, ...commands },
    )
    return settings.enabled || order?.kind === 'addressed' ? order : null
  }

  /** Whether the daemon itself answers it. */
  isCommand(written: Written): boolean {
    const order = this.orderOf(written)
    return order !== null && order.kind !== 'addressed'
  }

  /** Who answers what a person writes there at `at`; `until` when, where they chose: milliseconds since 1970. */
  answererOf(
    conversation: Conversation,
    person: string,
    at: number,
  ): { agent: string; until: number | null } {
    const { chosen, config } = this.#deps
    const choice = this.ttlMs > 0 ? chosen.find(conversation.id, person) : undefined
    const sticks =
      choice !== undefined && at - choice.lastAt <= this.ttlMs && Object.hasOwn(config().agents, choice.agent)
    if (!sticks) return { agent: this.standardOf(conversation, person), until: null }
    return { agent: choice.agent, until: Math.max(at, choice.lastAt) + this.ttlMs }
  }

  /** Who answers this person there as long as they choose no agent. */
  standardOf(conversation: Conversation, person: string): string {
    const { admission, config } = this.#deps
    return standardAgent(conversation, admission.identify(person), config())
  }

  /**
   * Which model of this agent answers what a person writes there at `at`; `null`: the agent decides. `until` when, where they chose it:
   * milliseconds since 1970.
   */
  modelOf(
    conversation: Conversation,
    person: string,
    { agent, at }: { agent: string; at: number },
  ): { model: OfferedModel | null; until: number | null } {
    const { own, offered, isAny } = agentModels(this.#deps.config(), agent)
    const choice = this.ttlMs > 0 ? this.#deps.models.find(conversation.id, person) : undefined
    const sticks = choice !== undefined && choice.agent === agent && at - choice.lastAt <= this.ttlMs
    const chosen = sticks ? offered.find(({ name }) => name === choice.model) : undefined
    if (!sticks || (chosen === undefined && !isAny)) return { model: own, until: null }
    const model = chosen ?? { name: choice.model, shown: choice.model }
    return { model, until: Math.max(at, choice.lastAt) + this.ttlMs }
  }

  /**
   * Who answers these messages of one turn, with which model (`null`: its own), and what is asked: without the name of whom it was
   * addressed to. A choice is remembered, or goes on. Throws `StorageError`.
   */
  take(
    conversation: Conversation,
    rows: readonly InboxRow[],
  ): { agent: string; model: string | null; asked: InboxRow[] } {
    const asked = rows.filter((row) => !this.isCommand(row))
    const [first, ...more] = asked
    if (first === undefined) throw new Error('a turn without a question')
    const order = this.orderOf(first)
    const person = first.sender
    const lastAt = Math.max(...asked.map(({ sent_at }) => sent_at))
    if (order?.kind !== 'addressed') {
      const { agent, until } = this.answererOf(conversation, person, first.sent_at)
      if (until !== null) {
        this.#deps.commits.now(() => {
          this.heard(conversation.id, person, lastAt)
          return undefined
        })
      }
      return { agent, model: this.#chosenModel(conversation, person, { agent, at: first.sent_at }), asked }
    }
    this.#deps.commits.now(() => {
      this.choose(conversation.id, person, order.agent, lastAt)
      return undefined
    })
    const { agent } = order
    const model = this.#chosenModel(conversation, person, { agent, at: first.sent_at })
    return { agent, model, asked: [{ ...first, text: order.text }, ...more] }
  }

  #chosenModel(...asked: Parameters<Routing['modelOf']>): string | null {
    const { model, until } = this.modelOf(...asked)
    return until === null ? null : (model?.name ?? null)
  }

  /** Inside of a transaction. Nothing is remembered where nothing sticks. */
  choose(conversation: number, person: string, agent: string, at: number): void {
    if (this.ttlMs > 0) this.#deps.chosen.choose(conversation, person, { agent, lastAt: at })
  }

  /** Inside of a transaction: the person wrote there, whatever it was. */
  heard(conversation: number, person: string, at: number): void {
    if (this.ttlMs === 0) return
    this.#deps.chosen.heard(conversation, person, at, this.ttlMs)
    this.#deps.models.heard(conversation, person, at, this.ttlMs)
  }
}
