import { createAgent } from '../../../../../src/agents/registry.ts'
import type { Agent } from '../../../../../src/agents/agent.ts'
import { SecretReader } from '../../../../../src/config/secrets/secret-reader.ts'
import { createLogger } from '../../../../../src/observability/log/logger.ts'
import { turnOf } from '../../../../support/turn-of.ts'
import type { ProgramFixture } from '../../programs/program-fixture.ts'
import { wordsOf } from '../../../../support/words-of.ts'

/** An agent whose program is this text for Node, or for a shell where it begins with `#!`. */
export function commandAgent(
  fixture: ProgramFixture,
  text: string,
  settings: Record<string, unknown> = {},
): Agent {
  const script = text.startsWith('#!') ? text : `#!${process.execPath}\n${text}`
  return createAgent(
    'ada',
    { connector: 'command', settings: { program: fixture.script(script, 'answer.cjs'), ...settings } },
    {
      secrets: new SecretReader({ env: fixture.host.environment, logger: createLogger({ level: 'silent' }) }),
      programs: fixture.host,
    },
  )
}

export async function ask(
  agent: Agent,
  text = 'hello',
  signal = new AbortController().signal,
): Promise<string> {
  let answer = ''
  for await (const part of agent.reply(turnOf({ text }), signal)) answer += wordsOf(part)
  return answer
}
