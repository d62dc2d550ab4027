import { agentCommand } from './agent-command.ts'
import { agentsCommand } from './agents-command.ts'
import { allowCommand } from './allow-command.ts'
import type { ChatCommand } from './chat-command.ts'
import { helpCommand } from './help-command.ts'
import { modelCommand } from './model-command.ts'
import { modelfavsCommand } from './modelfavs-command.ts'
import { modelsCommand } from './models-command.ts'
import { newCommand } from './new-command.ts'
import { noCommand } from './no-command.ts'
import { pauseCommand } from './pause-command.ts'
import { resumeCommand } from './resume-command.ts'
import { isSlip } from './is-slip.ts'
import { statusCommand } from './status-command.ts'
import { stopCommand } from './stop-command.ts'
import { yesCommand } from './yes-command.ts'

/** Every command that people may write in a chat, in the order of `/help`. A new one is a file beside this and an entry here. */
export const CHAT_COMMANDS: readonly ChatCommand[] = [
  helpCommand,
  newCommand,
  stopCommand,
  statusCommand,
  agentsCommand,
  agentCommand,
  modelsCommand,
  modelfavsCommand,
  modelCommand,
  pauseCommand,
  resumeCommand,
  allowCommand,
  yesCommand,
  noCommand,
]

const BY_NAME = new Map(
  CHAT_COMMANDS.flatMap((command) => [command.name, ...command.aliases].map((name) => [name, command])),
)

/** The command that is called so, under its name or an alias; `undefined` for none. */
export function commandNamed(name: string): ChatCommand | undefined {
  return BY_NAME.get(name)
}

/** The name that was probably meant by a word that is none; `undefined` where none is one slip away. */
export function nearCommand(word: string): string | undefined {
  return [...BY_NAME.keys()].find((name) => isSlip(word, name))
}
