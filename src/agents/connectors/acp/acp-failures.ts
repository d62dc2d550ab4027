import { isRecord } from '../../../protocol/is-record.ts'
import type { AgentFailureCode } from '../../../protocol/account/agent-failures.ts'
import { AgentError } from '../../agent-error.ts'
import type { ProgramExit } from '../../programs/running-program.ts'
import type { AgentAbilities } from './agent-abilities.ts'

/** Of JSON-RPC and of the protocol. https://agentclientprotocol.com/protocol/v1/overview */
const AUTH_REQUIRED = -32_000
const RESOURCE_NOT_FOUND = -32_002
const METHOD_NOT_FOUND = -32_601

/** The errors of one agent, each with a cure that names its settings. None carries a word of the agent, its arguments or a question. */
export class AcpFailures {
  readonly #id: string
  /** As it may be shown. */
  readonly #program: string

  constructor(id: string, program: string) {
    this.#id = id
    this.#program = program
  }

  slowStart(timeoutMs: number): AgentError {
    return this.#error('timeout', `did not begin to speak within ${timeoutMs / 1_000} s`, this.#tryIt)
  }

  otherVersion(version: unknown): AgentError {
    const which = typeof version === 'number' ? `version ${version}` : 'no version that can be read'
    return this.#error(
      'bad_answer',
      `speaks ${which} of the Agent Client Protocol, and not version 1`,
      `Install a release of ${this.#program} that speaks version 1.`,
    )
  }

  /** The program ended by itself. */
  ended(exit: ProgramExit | null): AgentError {
    const how =
      exit === null
        ? 'closed its output'
        : exit.signal === null
          ? `ended with exit code ${exit.code}`
          : `was ended by ${exit.signal}`
    return this.#error('interrupted', how, this.#tryIt)
  }

  stopped(): AgentError {
    return this.#error('interrupted', 'is stopped')
  }

  /** It ended several times, and is started again later. */
  restsUntil(why: AgentError, waitMs: number): AgentError {
    const seconds = Math.ceil(waitMs / 1_000)
    return new AgentError('unreachable', `${why.message}; it is started again in ${seconds} s`, {
      action: why.action,
    })
  }

  late(method: string): AgentError {
    return this.#error('timeout', `did not answer ${method} in time`)
  }

  outOfTime(seconds: number): AgentError {
    return this.#error(
      'timeout',
      `did not finish within ${seconds} s`,
      `Raise agents.${this.#id}.timeoutSeconds (${seconds}), or let it use a faster model.`,
    )
  }

  /** What a request was answered with. Its words are the agent's own and may quote a question: the number alone is told. */
  ofRequest(error: unknown, abilities: AgentAbilities | null): AgentError {
    if (error instanceof AgentError) return error
    const code = isRecord(error) && typeof error['code'] === 'number' ? error['code'] : null
    if (code === AUTH_REQUIRED) return this.#login(abilities?.logins ?? [])
    if (code === RESOURCE_NOT_FOUND)
      return this.#error('not_found', 'does not know the conversation any more')
    if (code === METHOD_NOT_FOUND)
      return this.#error('bad_request', 'does not know a call of the Agent Client Protocol', this.#tryIt)
    const which = code === null ? '' : ` (${code})`
    return this.#error('server_error', `reported an error of its own${which}`, this.#tryIt)
  }

  noSession(): AgentError {
    return this.#error('bad_answer', 'opened a session without a name', this.#tryIt)
  }

  noMode(): AgentError {
    return this.#error(
      'misconfigured',
      'does not offer the mode that is set',
      `Correct agents.${this.#id}.agentMode, or leave it out.`,
    )
  }

  noModel(): AgentError {
    return this.#error(
      'not_found',
      'does not offer the model that was chosen',
      `Choose one that it offers, in agents.${this.#id}.models, or take the choice back with "/model default".`,
    )
  }

  refused(): AgentError {
    return this.#error('refused', 'refuses to answer this', 'Ask in other words.')
  }

  noText(limit: 'max_tokens' | 'max_turn_requests'): AgentError {
    const what = limit === 'max_tokens' ? 'tokens' : 'requests to its model'
    return this.#error(
      'no_answer',
      `reached its limit of ${what} before it said anything`,
      `Raise that limit in the settings of ${this.#program} itself.`,
    )
  }

  tooLong(): AgentError {
    return this.#error(
      'bad_answer',
      'wrote too much for one answer',
      `Look in ${this.#program} itself why it does not end its answers.`,
    )
  }

  cancelled(): AgentError {
    return this.#error('interrupted', 'ended its work by itself')
  }

  get #tryIt(): string {
    return `Start ${this.#program} in a terminal, as the user of the daemon, and look what it says; see agents.${this.#id}.program and args.`
  }

  #login(logins: readonly string[]): AgentError {
    const ways =
      logins.length === 0 ? '' : ` It offers: ${logins.map((name) => JSON.stringify(name)).join(', ')}.`
    return this.#error(
      'unauthorized',
      'wants a login',
      `Log in on this machine first: start ${this.#program} in a terminal, as the user of the daemon; or give it a key in agents.${this.#id}.environment.${ways}`,
    )
  }

  #error(code: AgentFailureCode, what: string, action?: string): AgentError {
    return new AgentError(code, `the agent "${this.#id}" ${what}`, { action })
  }
}
