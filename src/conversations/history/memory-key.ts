import { createHash } from 'node:crypto'
import type { AccountConfig } from '../../config/model.ts'

/**
 * Names what an agent remembers of a conversation: another one for each agent, session and change of the agent's settings, which may be
 * a change of its server or of where it keeps what it remembers. Stored with each turn (`seen-messages.ts`).
 */
export function memoryKey(
  { agents }: Pick<AccountConfig, 'agents'>,
  { agent, session }: { agent: string; session: string },
): string {
  const { connector, settings } = agents[agent] ?? {}
  return createHash('sha256')
    .update(JSON.stringify([agent, session, connector, settings]))
    .digest('base64url')
}
