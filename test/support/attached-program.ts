import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { WireClient, type Frame } from '../contract/support/wire-client.ts'
import { issueOwnToken } from '../../src/control/auth/issue-own-token.ts'
import type { TurnJson } from '../../src/protocol/agent/turn-json.ts'
import type { Scope } from '../../src/protocol/tokens/scopes.ts'
import type { Stack } from './stack.ts'

/** A program of the sandbox with a token of scope `agent` alone, unless others are named. */
export class AttachedProgram {
  readonly client: WireClient
  #seen = 0

  private constructor(client: WireClient) {
    this.client = client
  }

  static async connect(
    stack: Stack,
    scopes: Scope[] = ['agent'],
    lifetimeSeconds = 600,
  ): Promise<AttachedProgram> {
    const client = new WireClient(`${stack.url.replace('http', 'ws')}/v1/ws`)
    const localToken = readFileSync(join(stack.stateDir, 'token'), 'utf8').trim()
    const grant = { scopes, lifetimeSeconds, subject: 'assistant' }
    await client.authenticate(await issueOwnToken(localToken, grant, new Date()))
    return new AttachedProgram(client)
  }

  static async attach(stack: Stack, params: { agent: string; account?: string }): Promise<AttachedProgram> {
    const program = await AttachedProgram.connect(stack)
    await program.client.request('agent.attach', params)
    return program
  }

  /** The next turn that it is handed. */
  async turn(): Promise<TurnJson> {
    const nth = this.#seen
    this.#seen += 1
    const frame = await this.client.frame(
      (each) => each.method === 'agent.turn' && this.#turns().indexOf(each) === nth,
    )
    // Parsed by its published schema already.
    return frame.params?.['turn'] as TurnJson
  }

  /** Answers with these pieces. */
  async say(turn: string, ...texts: string[]): Promise<void> {
    for (const text of texts) await this.client.request('agent.delta', { turn, text })
    await this.client.request('agent.done', { turn })
  }

  async codeOf(method: string, params: Record<string, unknown>): Promise<string | undefined> {
    return (await this.client.call(method, params)).error?.data.code
  }

  /** Dies: the socket is gone without a word. */
  async die(): Promise<void> {
    this.client.socket.terminate()
    await this.client.closed
  }

  #turns(): Frame[] {
    return this.client.frames.filter(({ method }) => method === 'agent.turn')
  }
}
