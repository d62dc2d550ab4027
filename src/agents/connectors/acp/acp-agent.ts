import type { FileHandle } from 'node:fs/promises'
import { isRecord } from '../../../protocol/is-record.ts'
import type { Agent, ReplyPart, Turn } from '../../agent.ts'
import type { AgentCheck } from '../../agent-check.ts'
import type { OwnerQuestion } from '../../owner-question.ts'
import type { RunningProgram } from '../../programs/running-program.ts'
import { AgentFileRefused } from '../../files/agent-file-refused.ts'
import { AcpFailures } from './acp-failures.ts'
import { AcpSessions } from './acp-sessions.ts'
import { type AcpRun, AcpSupervisor } from './acp-supervisor.ts'
import { AgentProcess } from './agent-process.ts'
import { answerPrompt } from './answer-prompt.ts'
import { OpenPrompt } from './open-prompt.ts'
import { mayAsk, type PermissionOutcome, type Permissions } from './permissions.ts'
import { SessionFile } from './session-file.ts'
import { SessionLocks } from './session-locks.ts'
import { TurnLimit } from './turn-limit.ts'

const CANCEL_TIMEOUT_MS = 10_000
/** For a call about a session: a third of the time of an answer, within these bounds. */
const SESSION_TIMEOUT_MS = { min: 5_000, max: 30_000 }
/** How long owners have for their answers, together, beyond the time of the turn. */
const QUESTIONS_MS = 15 * 60_000

export interface AcpAgentOptions {
  /** Its id in the config. */
  id: string
  /** As it may be shown. */
  program: string
  /** Starts the program; `directory`: where it works, absolute. Rejects with `AgentError`. */
  start: () => Promise<{ program: RunningProgram; directory: string }>
  /** Opens a file of the directory that it works in (`openAgentFile`). */
  openFile?: (path: string) => Promise<FileHandle>
  /** The path of a file of the daemon's own. */
  sessionFile: string
  permissions: Permissions
  systemPrompt: string | null
  model: string | null
  agentMode: string | null
  timeoutSeconds: number
  askOwner: (question: OwnerQuestion) => Promise<boolean>
  checks?: readonly AgentCheck[]
  /** Shorter waits, for tests. */
  timings?: {
    firstRestMs?: number
    initializeTimeoutMs?: number
    cancelTimeoutMs?: number
    sessionTimeoutMs?: number
  }
}

/**
 * An agent that speaks the Agent Client Protocol, version 1: one program, one session a conversation, one prompt at a time in each. A
 * prompt of which it had done nothing when its program ended is asked once more. `reply` throws `AgentError`.
 */
export class AcpAgent implements Agent {
  readonly textFormat = 'markdown'
  readonly timeoutMs: number
  readonly checks: readonly AgentCheck[]
  readonly #options: AcpAgentOptions
  readonly #failures: AcpFailures
  readonly #file: SessionFile
  readonly #locks = new SessionLocks()
  readonly #supervisor: AcpSupervisor
  /** `null` before its first start. */
  #takesAudio: boolean | null = null
  #models: readonly string[] = []

  constructor(options: AcpAgentOptions) {
    this.#options = options
    this.checks = options.checks ?? []
    this.timeoutMs = options.timeoutSeconds * 1_000 + (mayAsk(options.permissions) ? QUESTIONS_MS : 0)
    this.#failures = new AcpFailures(options.id, options.program)
    this.#file = new SessionFile(options.sessionFile)
    this.#supervisor = new AcpSupervisor({
      start: (signal) => this.#startRun(signal),
      failures: this.#failures,
      firstRestMs: options.timings?.firstRestMs,
    })
  }

  /** By what the program said at its last start. */
  hears(): boolean {
    return this.#takesAudio ?? true
  }

  start(signal: AbortSignal): Promise<void> {
    return this.#supervisor.start(signal)
  }

  stop(): Promise<void> {
    return this.#supervisor.stop()
  }

  async openFile(path: string): Promise<FileHandle> {
    const opened = this.#options.openFile?.(path)
    if (opened === undefined) throw new AgentFileRefused('The agent has no directory.')
    return opened
  }

  offeredModels(): readonly string[] {
    return this.#models
  }

  health(): ReturnType<AcpSupervisor['health']> {
    return this.#supervisor.health()
  }

  async *reply(turn: Turn, signal: AbortSignal): AsyncGenerator<ReplyPart, void, void> {
    const { timeoutSeconds, permissions, askOwner, id: agent } = this.#options
    const limit = new TurnLimit(timeoutSeconds * 1_000)
    const left = new AbortController()
    const ended = AbortSignal.any([signal, limit.signal, left.signal])
    const promptOf = (): OpenPrompt => new OpenPrompt(turn, ended, { permissions, askOwner, agent, limit })
    try {
      const prompt = promptOf()
      try {
        yield* this.#answer(prompt)
      } catch (error) {
        if (ended.aborted || !prompt.isLost || prompt.updates.hasStarted) throw error
        yield* this.#answer(promptOf())
      }
    } catch (error) {
      // The caller's own reason says more than what an interrupted call throws.
      signal.throwIfAborted()
      throw limit.signal.aborted ? this.#failures.outOfTime(timeoutSeconds) : error
    } finally {
      limit.end()
      left.abort()
    }
  }

  async *#answer(prompt: OpenPrompt): AsyncGenerator<ReplyPart, void, void> {
    const { systemPrompt, model, timings } = this.#options
    const over = await this.#locks.acquire(prompt.turn.sessionId, prompt.signal)
    let run: AcpRun
    try {
      run = await this.#supervisor.running(prompt.signal)
    } catch (error) {
      over()
      throw error
    }
    yield* answerPrompt(run, prompt, {
      failures: this.#failures,
      systemPrompt,
      model,
      cancelTimeoutMs: timings?.cancelTimeoutMs ?? CANCEL_TIMEOUT_MS,
      replace: (worn) => this.#supervisor.replace(worn),
      relieve: (worn) => this.#supervisor.relieve(worn),
      over,
    })
  }

  async #startRun(signal: AbortSignal): Promise<AcpRun> {
    const { start, timings, agentMode: mode, timeoutSeconds } = this.#options
    // There is time left to begin anew where an agent that hangs does not take up a session.
    const { min, max } = SESSION_TIMEOUT_MS
    const third = Math.round((timeoutSeconds * 1_000) / 3)
    const timeoutMs = timings?.sessionTimeoutMs ?? Math.min(max, Math.max(min, third))
    const { program, directory } = await start()
    let sessions: AcpSessions | null = null
    const process = await AgentProcess.start(
      {
        program,
        failures: this.#failures,
        updated: (id, update) => sessions?.called(id)?.prompt?.updates.take(update),
        permission: (id, request) => permit(sessions, id, request),
        initializeTimeoutMs: timings?.initializeTimeoutMs,
      },
      signal,
    )
    this.#takesAudio = process.abilities.takesAudio
    sessions = new AcpSessions({
      process,
      file: this.#file,
      failures: this.#failures,
      directory,
      mode,
      timeoutMs,
      offers: (models) => {
        this.#models = models
      },
    })
    return { process, sessions }
  }
}

/** A tool is used only for a question that is being answered. */
async function permit(
  sessions: AcpSessions | null,
  id: string,
  request: Record<string, unknown>,
): Promise<PermissionOutcome> {
  const prompt = sessions?.called(id)?.prompt ?? null
  const { toolCall } = request
  if (prompt === null || prompt.signal.aborted || !isRecord(toolCall)) return { outcome: 'cancelled' }
  return prompt.permit(request, toolCall)
}
