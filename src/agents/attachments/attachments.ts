import type { Logger } from 'pino'
import type { AgentConfig } from '../../config/model.ts'
import { DaemonError } from '../../protocol/errors.ts'
import type { EventPayload } from '../../protocol/events.ts'
import { AgentAway } from '../agent-away.ts'
import { AgentError } from '../agent-error.ts'
import type { ReplyPart, Turn } from '../agent.ts'
import type { AwaitedAnswer } from '../answers/awaited-answer.ts'
import type { AwaitedAnswers } from '../answers/awaited-answers.ts'
import type { AnswerStep } from '../answers/written-steps.ts'
import type { UrlOf } from '../turn-json/turn-json.ts'
import { boundedTurnJson } from '../turn-json/bounded-turn-json.ts'
import type { AttachedPeer } from './attached-peer.ts'
import { TurnLane } from './turn-lane.ts'

/** The connector whose agents a program attaches to. */
const CONNECTOR = 'websocket'
/** Of a turn: a frame has 256 KiB at most, with what stands around it. */
const MAX_TURN_BYTES = 255 * 1_024
/** A program that goes away at every try of the same turn may do so because of it. */
const MAX_HAND_OUTS = 5
const MAX_COUNTED_TURNS = 2_000
const MAX_NAMED_AGENTS = 20

type DirectedEvent = 'agent.turn' | 'agent.cancel' | 'agent.detached'

/** An agent of an account, by its id in the config. */
interface Place {
  account: string
  agent: string
}

interface Attachment extends Place {
  peer: AttachedPeer
  lane: TurnLane
  /** It answers for every account whose agent has this id, also for later ones. */
  isForAll: boolean
}

export interface AttachmentsDeps {
  /** The accounts of the config in force. */
  accounts: () => Readonly<Record<string, { agents: Readonly<Record<string, AgentConfig>> }>>
  answers: AwaitedAnswers
  /** A program attached to an agent of this account, or left. Must not throw. */
  changed: (account: string) => void
  logger: Logger
  now?: () => number
}

/**
 * The programs of this sandbox that answer turns over the control plane: at most one for an agent of an account, the one that came last.
 * Everything here is gone with the process; the turns are on disk, with the conversations.
 */
export class Attachments {
  readonly #deps: AttachmentsDeps
  readonly #now: () => number
  readonly #attached = new Map<string, Attachment>()
  readonly #lanes = new Map<AttachedPeer, TurnLane>()
  /** Answers under way, by the place that they come from. */
  readonly #underWay = new Map<AwaitedAnswer, string>()
  /** How often a turn that is not over was handed out. The oldest first. */
  readonly #handOuts = new Map<string, number>()
  readonly #awaySince = new Map<string, number>()
  readonly #startedAt: number

  constructor(deps: AttachmentsDeps) {
    this.#deps = deps
    this.#now = deps.now ?? Date.now
    this.#startedAt = this.#now()
  }

  /**
   * From now on `peer` answers for the agent, of one account or, without `account`, of every account that has it. Idempotent. Throws
   * `DaemonError` (`agent_not_found`).
   */
  attach(
    peer: AttachedPeer,
    { agent, account }: { agent: string; account?: string },
  ): { accounts: string[] } {
    const places = this.#places().filter((place) => isFor(place, { agent, account }))
    if (places.length === 0) throw this.#notFound(agent, account)
    const lane = this.#lanes.get(peer) ?? this.#join(peer)
    for (const place of places) this.#put({ ...place, peer, lane, isForAll: account === undefined })
    peer.attached(true)
    const accounts = places.map((place) => place.account)
    this.#deps.logger.info({ agent, accounts }, 'an assistant attached')
    for (const each of accounts) this.#deps.changed(each)
    return { accounts }
  }

  /** One step of an answer of `peer`. Throws `DaemonError`: as `AwaitedAnswers.take`, and `not_attached`. */
  take(peer: AttachedPeer, turn: string, answer: AnswerStep): string | null {
    if (!this.#lanes.has(peer)) throw new DaemonError('not_attached')
    return this.#deps.answers.take(turn, peer, answer)
  }

  isHere(place: Place): boolean {
    return this.#attached.has(keyOf(place))
  }

  /** Since when nobody is attached, in milliseconds since 1970. */
  awaySince(place: Place): number {
    return this.#awaySince.get(keyOf(place)) ?? this.#startedAt
  }

  /** Follows the config in force: an agent that it has no more loses its program, and a new account's gets one. */
  configChanged(): void {
    const places = new Map(this.#places().map((place) => [keyOf(place), place]))
    for (const [key, attachment] of this.#attached) {
      if (!places.has(key)) this.#detach(key, attachment, 'agent_removed')
    }
    const forAll = [...this.#attached.values()].filter(({ isForAll }) => isForAll)
    for (const [key, place] of places) {
      const found = forAll.find(({ agent }) => agent === place.agent)
      if (found === undefined || this.#attached.has(key)) continue
      this.#put({ ...found, ...place })
      this.#deps.changed(place.account)
    }
    for (const key of this.#awaySince.keys()) if (!places.has(key)) this.#awaySince.delete(key)
  }

  /**
   * Hands the turn to the program that is attached, and answers with what it says. Throws `AgentAway` where there is none, or it goes
   * away; `AgentError`; and the reason of the signal.
   */
  async *hand(place: Place, turn: Turn, signal: AbortSignal): AsyncGenerator<ReplyPart, void, void> {
    const attachment = this.#attached.get(keyOf(place))
    if (attachment === undefined) throw new AgentAway()
    const offer = this.#deps.answers.files.offer(turn)
    try {
      yield* this.#handWith(attachment, { place, turn, signal, urlOf: offer.urlOf })
    } finally {
      offer.withdraw()
    }
  }

  async *#handWith(
    attachment: Attachment,
    { place, turn, signal, urlOf }: { place: Place; turn: Turn; signal: AbortSignal; urlOf: UrlOf },
  ): AsyncGenerator<ReplyPart, void, void> {
    const key = keyOf(place)
    const json = boundedTurnJson(turn, MAX_TURN_BYTES, urlOf)
    this.#count(turn.id)
    const { peer, lane } = attachment
    const answer = this.#deps.answers.open(turn.id, peer)
    this.#underWay.set(answer, key)
    let wasSent = false
    lane.send(() => {
      wasSent = this.#underWay.has(answer) && this.#lanes.has(peer)
      return wasSent ? this.#frame('agent.turn', { agent: place.agent, turn: json }) : null
    })
    let isAway = false
    try {
      yield* answer.parts(signal)
    } catch (error) {
      isAway = error instanceof AgentAway
      throw error
    } finally {
      this.#underWay.delete(answer)
      this.#deps.answers.close(answer, { again: isAway })
      if (!isAway) this.#handOuts.delete(turn.id)
      if (!answer.isComplete)
        lane.send(() => (wasSent && this.#lanes.has(peer) ? this.#cancel(turn.id) : null))
    }
  }

  #cancel(turn: string): string {
    return this.#frame('agent.cancel', { turn })
  }

  /** The first attachment of a connection. */
  #join(peer: AttachedPeer): TurnLane {
    const lane = new TurnLane(peer)
    this.#lanes.set(peer, lane)
    peer.onLeft(() => this.#left(peer))
    return lane
  }

  #left(peer: AttachedPeer): void {
    this.#lanes.delete(peer)
    peer.attached(false)
    const left = [...this.#attached].filter(([, attachment]) => attachment.peer === peer)
    for (const [key, attachment] of left) this.#remove(key, attachment)
    if (left.length === 0) return
    const agents = [...new Set(left.map(([, { agent }]) => agent))]
    this.#deps.logger.info({ agents }, 'an assistant left')
    for (const account of new Set(left.map(([, attachment]) => attachment.account)))
      this.#deps.changed(account)
  }

  #put(attachment: Attachment): void {
    const key = keyOf(attachment)
    const before = this.#attached.get(key)
    if (before !== undefined && before.peer !== attachment.peer) this.#detach(key, before, 'replaced')
    this.#attached.set(key, attachment)
    this.#awaySince.delete(key)
  }

  /** Tells the program that it answers there no more. */
  #detach(key: string, attachment: Attachment, reason: 'replaced' | 'agent_removed'): void {
    const { account, agent, peer, lane } = attachment
    lane.send(() => this.#frame('agent.detached', { agent, account, reason }))
    this.#remove(key, attachment)
    if ([...this.#attached.values()].some((other) => other.peer === peer)) return
    peer.attached(false)
  }

  #remove(key: string, { account, agent }: Place): void {
    this.#attached.delete(key)
    this.#awaySince.set(key, this.#now())
    for (const [answer, from] of this.#underWay) {
      if (from !== key) continue
      this.#underWay.delete(answer)
      answer.abandon(new AgentAway(`the assistant attached to "${agent}" of the account "${account}" left`))
    }
  }

  /** Throws `AgentError` for a turn at which the program went away too often. */
  #count(turn: string): void {
    const count = (this.#handOuts.get(turn) ?? 0) + 1
    this.#handOuts.delete(turn)
    if (count > MAX_HAND_OUTS)
      throw new AgentError(
        'interrupted',
        `the assistant went away ${MAX_HAND_OUTS} times before it had answered this question`,
        { action: 'Look into the log of the program that is attached: this question may end it.' },
      )
    this.#handOuts.set(turn, count)
    if (this.#handOuts.size <= MAX_COUNTED_TURNS) return
    for (const oldest of this.#handOuts.keys()) {
      this.#handOuts.delete(oldest)
      return
    }
  }

  #frame<Name extends DirectedEvent>(name: Name, payload: EventPayload<Name>): string {
    const at = new Date(this.#now()).toISOString()
    return JSON.stringify({ jsonrpc: '2.0', method: name, params: { eventId: null, at, ...payload } })
  }

  #places(): Place[] {
    return Object.entries(this.#deps.accounts()).flatMap(([account, { agents }]) =>
      Object.entries(agents)
        .filter(([, { connector }]) => connector === CONNECTOR)
        .map(([agent]) => ({ account, agent })),
    )
  }

  #notFound(agent: string, account: string | undefined): DaemonError {
    const agents = [...new Set(this.#places().map((place) => place.agent))].slice(0, MAX_NAMED_AGENTS)
    const of = account === undefined ? '' : ` of the account "${account}"`
    return new DaemonError('agent_not_found', {
      message: `The config names no agent "${agent}"${of} with the connector "${CONNECTOR}".`,
      details: { agent, agents },
    })
  }
}

function isFor(place: Place, wanted: { agent: string; account: string | undefined }): boolean {
  return place.agent === wanted.agent && (wanted.account === undefined || place.account === wanted.account)
}

/** Neither id may have a space. */
function keyOf({ account, agent }: Place): string {
  return `${account} ${agent}`
}
