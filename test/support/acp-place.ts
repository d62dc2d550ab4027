import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Agent, Turn } from '../../src/agents/agent.ts'
import { AcpAgent, type AcpAgentOptions } from '../../src/agents/connectors/acp/acp-agent.ts'
import type { OwnerQuestion } from '../../src/agents/owner-question.ts'
import type { ProgramHost } from '../../src/agents/programs/program-host.ts'
import { startProgram } from '../../src/agents/programs/start-program.ts'
import { createAgent } from '../../src/agents/registry.ts'
import { SecretReader } from '../../src/config/secrets/secret-reader.ts'
import { createLogger } from '../../src/observability/log/logger.ts'
import { ScriptedAcp } from './scripted-acp.ts'
import { turnOf } from './turn-of.ts'
import { wordsOf } from './words-of.ts'

/** Makes agents with the connector `acp`, and ends them. What they remember stays from one to the next. */
export class AcpPlace {
  readonly scripted = new ScriptedAcp()
  /** What an owner was asked, and the answer. */
  readonly questions: OwnerQuestion[] = []
  answer: (question: OwnerQuestion) => Promise<boolean> = async () => false
  readonly stateDirectory = mkdtempSync(join(tmpdir(), 'whatsappd-state-'))
  readonly #agents: Agent[] = []

  agent(script: Record<string, unknown>, settings: Record<string, unknown> = {}, name?: string): Agent {
    const env = {
      PATH: process.env['PATH'],
      HOME: this.stateDirectory,
      AGENT_KEY: 'sk-4711',
      WHATSAPP_TOKEN: 'x',
    }
    const agent = createAgent(
      'ada',
      { connector: 'acp', settings: { ...this.scripted.settings(script, name), ...settings } },
      {
        secrets: new SecretReader({ env, logger: createLogger({ level: 'silent' }) }),
        programs: { account: 'default', environment: env, stateDirectory: this.stateDirectory },
        askOwner: (question) => {
          this.questions.push(question)
          return this.answer(question)
        },
      },
    )
    this.#agents.push(agent)
    return agent
  }

  /** One with shorter waits. */
  impatient(script: Record<string, unknown>, timings: NonNullable<AcpAgentOptions['timings']>): AcpAgent {
    const { args, workingDirectory: directory } = this.scripted.settings(script)
    const request = { program: process.execPath, args, environment: {}, workingDirectory: directory }
    const agent = new AcpAgent({
      id: 'ada',
      program: 'scripted',
      start: async () => ({ program: await startProgram(request, this.#host), directory }),
      sessionFile: join(this.stateDirectory, 'agents', 'default', 'ada.sessions.json'),
      permissions: 'reject',
      systemPrompt: null,
      model: null,
      agentMode: null,
      timeoutSeconds: 60,
      askOwner: async () => false,
      timings,
    })
    this.#agents.push(agent)
    return agent
  }

  get #host(): ProgramHost {
    const environment = { PATH: process.env['PATH'], HOME: this.stateDirectory }
    const { stateDirectory } = this
    return { id: 'ada', account: 'default', environment, stateDirectory, shown: (_setting, value) => value }
  }

  async end(): Promise<void> {
    for (const agent of this.#agents.splice(0)) await agent.stop?.()
  }

  async remove(): Promise<void> {
    await this.end()
    this.scripted.remove()
    rmSync(this.stateDirectory, { recursive: true, force: true })
  }
}

/** The whole text of an answer. */
export async function answerTo(
  agent: Agent,
  turn: Partial<Turn> & { text?: string } = {},
  signal?: AbortSignal,
): Promise<string> {
  let answer = ''
  for await (const part of agent.reply(turnOf(turn), signal ?? new AbortController().signal))
    answer += wordsOf(part)
  return answer
}
