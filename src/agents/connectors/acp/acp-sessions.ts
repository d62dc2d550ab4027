import { AgentError } from '../../agent-error.ts'
import type { AcpFailures } from './acp-failures.ts'
import type { AgentProcess } from './agent-process.ts'
import type { OpenPrompt } from './open-prompt.ts'
import type { SessionFile, StoredSession } from './session-file.ts'
import { modeChange } from './session-modes.ts'
import { readModels, type SessionModels } from './session-models.ts'
import { NO_USAGE, type SessionUsage } from './session-usage.ts'

/** Sessions that one run of the program keeps open; the one that was used longest ago is closed for another. */
const MAX_LIVE = 50
/** Agents that cannot close a session keep them all: after this many the program is started anew when it rests. */
const MAX_OPENED = 500
/** Prompts that it goes on with though they were cancelled: with these it is not waited until it rests. */
const MAX_STRAYS = 4

export interface AcpSession {
  /** As the agent calls it. */
  readonly id: string
  readonly key: string
  readonly conversation: string
  /** Nothing was said in it yet. */
  isNew: boolean
  seenUntil: number
  instructions: string
  ownModel: string | null
  models: SessionModels | null
  /** What it told of tokens that are counted. */
  usage: SessionUsage
  /** The prompt that is being answered. */
  prompt: OpenPrompt | null
}

export interface AcpSessionsDeps {
  process: AgentProcess
  file: SessionFile
  failures: AcpFailures
  /** Absolute; where the agent works. */
  directory: string
  /** The mode of its sessions; `null` for one in which it asks before it uses a tool. */
  mode: string | null
  /** How long the agent may take for a call about a session. */
  timeoutMs: number
  /** Called with the models that the agent offers, when it says them. */
  offers: (models: readonly string[]) => void
}

/** The sessions of one run of an agent's program: one for each conversation. */
export class AcpSessions {
  readonly #deps: AcpSessionsDeps
  /** By the sessionId of the turns; the one that was used last is the last one. */
  readonly #live = new Map<string, AcpSession>()
  readonly #byId = new Map<string, AcpSession>()
  #opened = 0
  #strays = 0

  constructor(deps: AcpSessionsDeps) {
    this.#deps = deps
  }

  /** Whether the program should be started anew, now that it rests. */
  get isWornOut(): boolean {
    return this.isIdle && (this.#kept >= MAX_OPENED || this.#strays > 0)
  }

  /** Whether another one should take its place though it answers somebody: it may never rest. */
  get isOverdue(): boolean {
    return this.#kept >= 2 * MAX_OPENED || this.#strays >= MAX_STRAYS
  }

  /** Sessions that stay open in the program. */
  get #kept(): number {
    return this.#deps.process.abilities.canClose ? 0 : this.#opened
  }

  get isIdle(): boolean {
    return [...this.#live.values()].every(({ prompt }) => prompt === null)
  }

  /**
   * The session of the prompt's conversation, which is its own until `prompt` is taken out: the open one, the one that the agent kept, or
   * a new one. One call at a time for a conversation. Rejects with `AgentError`, or with the reason of the prompt's signal.
   */
  async of(prompt: OpenPrompt): Promise<AcpSession> {
    const { sessionId: key, conversationId: conversation } = prompt.turn
    const live = this.#live.get(key)
    if (live !== undefined && live.conversation === conversation) {
      this.#live.delete(key)
      this.#live.set(key, live)
      live.prompt = prompt
      return live
    }
    if (live !== undefined) this.drop(live)
    const { signal } = prompt
    const session =
      (await this.#restore(key, conversation, signal)) ?? (await this.#create(key, conversation, signal))
    session.prompt = prompt
    if (session.models !== null) this.#deps.offers(session.models.names)
    this.#live.set(key, session)
    this.#byId.set(session.id, session)
    this.#opened += 1
    this.#closeOldest()
    return session
  }

  /** The session that the agent calls so. */
  called(id: string): AcpSession | undefined {
    return this.#byId.get(id)
  }

  /** What the agent was told by now is remembered for its next run. */
  remember(session: AcpSession): void {
    const { key, conversation, seenUntil, instructions, ownModel, usage } = session
    this.#deps.file.set({
      key,
      session: session.id,
      conversation,
      agent: this.#deps.process.abilities.name,
      seenUntil,
      instructions,
      ownModel,
      totals: usage.totals,
    })
  }

  /** It cannot be used any more: the conversation begins a new one. */
  drop(session: AcpSession): void {
    this.#forget(session)
    this.#deps.file.delete(session.key)
  }

  /** The agent goes on with a prompt of it that was cancelled: only the end of the program ends that. */
  abandon(session: AcpSession): void {
    this.#strays += 1
    this.drop(session)
  }

  /** Sets the model of the session, where it is another one. `null`: the agent's own. */
  async useModel(session: AcpSession, name: string | null, signal: AbortSignal): Promise<void> {
    const { process, failures } = this.#deps
    const { models, ownModel } = session
    if (models === null) {
      if (name !== null) throw failures.noModel()
      return
    }
    const value = name === null ? (ownModel ?? models.current) : models.find(name)
    if (value === null) throw failures.noModel()
    if (value === models.current) return
    const answer = await process.request(
      'session/set_config_option',
      { sessionId: session.id, configId: models.setting, value },
      this.#limits(signal),
    )
    session.models = readModels(answer['configOptions']) ?? { ...models, current: value }
  }

  async #create(key: string, conversation: string, signal: AbortSignal): Promise<AcpSession> {
    const { process, directory, failures } = this.#deps
    const call = { cwd: directory, mcpServers: [] }
    const answer = await process.request('session/new', call, this.#limits(signal))
    const id = answer['sessionId']
    if (typeof id !== 'string' || id === '') throw failures.noSession()
    await this.#setMode(id, answer, signal)
    const models = readModels(answer['configOptions'])
    const ownModel = models?.current ?? null
    return {
      id,
      key,
      conversation,
      isNew: true,
      seenUntil: 0,
      instructions: '',
      ownModel,
      models,
      usage: NO_USAGE,
      prompt: null,
    }
  }

  /** As the agent kept it; `null` where it did not, or cannot say so. */
  async #restore(key: string, conversation: string, signal: AbortSignal): Promise<AcpSession | null> {
    const { process, file } = this.#deps
    const { abilities } = process
    const stored = file.find(key)
    if (stored?.conversation !== conversation || stored.agent !== abilities.name) return null
    // Some say that they can resume a session, and do not know the call.
    const ways = [
      ...(abilities.canResume ? ['session/resume'] : []),
      ...(abilities.canLoad ? ['session/load'] : []),
    ]
    for (const way of ways) {
      const session = await this.#takeUp(way, stored, signal)
      // The next run may know it still.
      if (session === 'late') return null
      if (session !== 'refused') return session
    }
    file.delete(key)
    return null
  }

  /** What the agent tells again while it loads a session is nobody's to read. */
  async #takeUp(
    way: string,
    stored: StoredSession,
    signal: AbortSignal,
  ): Promise<AcpSession | 'refused' | 'late'> {
    const { process, directory } = this.#deps
    const { key, conversation, session: id, seenUntil, instructions, ownModel, totals } = stored
    try {
      const answer = await process.request(
        way,
        { sessionId: id, cwd: directory, mcpServers: [] },
        this.#limits(signal),
      )
      await this.#setMode(id, answer, signal)
      const models = readModels(answer['configOptions'])
      return {
        id,
        key,
        conversation,
        isNew: false,
        seenUntil,
        instructions,
        ownModel,
        models,
        usage: { totals, falls: 0 },
        prompt: null,
      }
    } catch (error) {
      signal.throwIfAborted()
      const code = error instanceof AgentError ? error.code : null
      if (process.hasEnded || code === 'unauthorized') throw error
      return code === 'timeout' ? 'late' : 'refused'
    }
  }

  /** A session in another mode might use tools without asking: it is not used. */
  async #setMode(id: string, answer: Record<string, unknown>, signal: AbortSignal): Promise<void> {
    const { process, mode, failures } = this.#deps
    const change = modeChange(answer, mode)
    if (change === 'unknown') throw failures.noMode()
    if (change === null) return
    await process.request(change.method, { sessionId: id, ...change.params }, this.#limits(signal))
  }

  #closeOldest(): void {
    const { process } = this.#deps
    for (const session of this.#live.values()) {
      if (this.#live.size <= MAX_LIVE) return
      if (session.prompt !== null) continue
      this.#forget(session)
      if (!process.abilities.canClose) continue
      // It is closed or not: nothing of ours waits for that.
      const { timeoutMs } = this.#deps
      process.request('session/close', { sessionId: session.id }, { timeoutMs }).catch(() => undefined)
    }
  }

  #limits(signal: AbortSignal): { signal: AbortSignal; timeoutMs: number } {
    return { signal, timeoutMs: this.#deps.timeoutMs }
  }

  #forget(session: AcpSession): void {
    if (this.#live.get(session.key) === session) this.#live.delete(session.key)
    if (this.#byId.get(session.id) === session) this.#byId.delete(session.id)
  }
}
