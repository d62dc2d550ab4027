import { agentCommand } from './agent-command.ts'
import { agentsCommand } from './agents-command.ts'
import type { ChatCommand } from './chat-command.ts'

/** Every command that people may write in a chat. A new one is a file beside this and an entry here. */
export const CHAT_COMMANDS: readonly ChatCommand[] = [agentsCommand, agentCommand]

const BY_NAME = new Map(
  CHAT_COMMANDS.flatMap((command) => [command.name, ...command.aliases].map((name) => [name, command])),
)

/** The command that is called so, under its name or an alias; `undefined` for none. */
export function commandNamed(name: string): ChatCommand | undefined {
  return BY_NAME.get(name)
}
