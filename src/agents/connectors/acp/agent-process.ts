import type { ClientConnection, InitializeRequest } from '@agentclientprotocol/sdk'
import { isRecord } from '../../../protocol/is-record.ts'
import { withDeadline } from '../../../timing/deadline.ts'
import { AgentError } from '../../agent-error.ts'
import type { ProgramExit, RunningProgram } from '../../programs/running-program.ts'
import type { AcpFailures } from './acp-failures.ts'
import { type AgentAbilities, readAbilities } from './agent-abilities.ts'
import { messageStream } from './message-stream.ts'
import type { PermissionOutcome } from './permissions.ts'

/** The only version that is spoken. https://agentclientprotocol.com/protocol/v1/initialization */
const PROTOCOL_VERSION = 1
/** Some agents load a model, or look for news, before they answer. */
const INITIALIZE_TIMEOUT_MS = 25_000

const HELLO: InitializeRequest = {
  protocolVersion: PROTOCOL_VERSION,
  // It has tools of its own for files and commands, or none.
  clientCapabilities: { fs: { readTextFile: false, writeTextFile: false }, terminal: false },
  clientInfo: { name: 'whatsappd', title: 'WhatsApp', version: '1' },
}

export interface AgentProcessDeps {
  program: RunningProgram
  failures: AcpFailures
  /** Of a session that the agent names, in their order; the next one waits until it settles. */
  updated: (session: string, update: unknown) => Promise<void> | void
  /** What it asks to be allowed. */
  permission: (session: string, request: Record<string, unknown>) => Promise<PermissionOutcome>
  /** Shorter, for tests. */
  initializeTimeoutMs?: number | undefined
}

/** One run of an agent's program that speaks the Agent Client Protocol, version 1, on its standard input and output. */
export class AgentProcess {
  /** Settles when the program has ended or cannot be understood any more, with why. Never rejects. */
  readonly ended: Promise<AgentError>
  readonly abilities: AgentAbilities
  readonly #deps: AgentProcessDeps
  readonly #connection: ClientConnection
  #end: AgentError | null = null

  /** Agrees on the version. Rejects with `AgentError`; the program is ended then. */
  static async start(deps: AgentProcessDeps, signal: AbortSignal): Promise<AgentProcess> {
    const { program, failures } = deps
    try {
      signal.throwIfAborted()
      const connection = await connect(deps)
      const timeoutMs = deps.initializeTimeoutMs ?? INITIALIZE_TIMEOUT_MS
      // Ends the wait, too: the connection closes with the program.
      const abort = (): void => void program.stop()
      signal.addEventListener('abort', abort, { once: true })
      try {
        const hello = await withDeadline(connection.agent.request('initialize', HELLO), timeoutMs, () => {
          throw failures.slowStart(timeoutMs)
        })
        return new AgentProcess(deps, connection, readAbilities(hello, PROTOCOL_VERSION, failures))
      } catch (error) {
        throw await whyEnded(deps, connection, error)
      } finally {
        signal.removeEventListener('abort', abort)
      }
    } catch (error) {
      await program.stop()
      signal.throwIfAborted()
      throw error
    }
  }

  private constructor(deps: AgentProcessDeps, connection: ClientConnection, abilities: AgentAbilities) {
    this.#deps = deps
    this.#connection = connection
    this.abilities = abilities
    this.ended = connection.closed.then(async () => {
      this.#end = await whyEnded(deps, connection, connection.signal.reason)
      // What cannot be understood is not left running.
      await deps.program.stop()
      return this.#end
    })
  }

  get hasEnded(): boolean {
    return this.#connection.signal.aborted
  }

  /** Rejects with `AgentError`, or with the signal's reason; the agent is told that nobody waits any more then. */
  async request(
    method: string,
    params: Record<string, unknown>,
    options: { signal?: AbortSignal; timeoutMs?: number } = {},
  ): Promise<Record<string, unknown>> {
    const { failures } = this.#deps
    const { signal, timeoutMs } = options
    const limits = [signal, timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs)]
    const either = AbortSignal.any(limits.filter((each) => each !== undefined))
    try {
      const result = await this.#connection.agent.request(method, params, {
        cancellationSignal: either,
        stopWaitingOnCancel: true,
      })
      return isRecord(result) ? result : {}
    } catch (error) {
      signal?.throwIfAborted()
      if (either.aborted) throw failures.late(method)
      if (this.#connection.signal.aborted) throw await this.ended
      throw failures.ofRequest(error, this.abilities)
    }
  }

  /** Never rejects: an agent that has ended needs no word. */
  async notify(method: string, params: Record<string, unknown>): Promise<void> {
    await this.#connection.agent.notify(method, params).catch(() => undefined)
  }

  /** Ends the program and what it started. Idempotent; never rejects. */
  async stop(): Promise<void> {
    this.#connection.close(this.#deps.failures.stopped())
    await this.#deps.program.stop()
  }
}

/** The library is loaded when the first agent of this kind starts. */
async function connect(deps: AgentProcessDeps): Promise<ClientConnection> {
  const { client } = await import('@agentclientprotocol/sdk')
  const { program, updated, permission } = deps
  const { stdin, stdout } = program
  const stream = messageStream({
    stdin,
    stdout,
    updated: (params) => {
      if (isRecord(params) && typeof params['sessionId'] === 'string')
        return updated(params['sessionId'], params['update'])
    },
  })
  return client({ name: 'whatsappd' })
    .onRequest('session/request_permission', readRecord, ({ params }) =>
      permission(String(params['sessionId']), params).then((outcome) => ({ outcome })),
    )
    .connect(stream)
}

/** Kinds and fields that are not known yet are no error. */
function readRecord(params: unknown): Record<string, unknown> {
  return isRecord(params) ? params : {}
}

/** The pipe closes a moment before the program's end is known. */
async function whyEnded(
  { program, failures }: AgentProcessDeps,
  connection: ClientConnection,
  error: unknown,
): Promise<AgentError> {
  if (error instanceof AgentError) return error
  if (!connection.signal.aborted) return failures.ofRequest(error, null)
  const exit: ProgramExit | null = await withDeadline(program.exited, 1_000, () => null)
  return failures.ended(exit)
}
