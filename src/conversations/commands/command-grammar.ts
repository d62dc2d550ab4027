/** A command of a person to the daemon itself. */
interface CommandLine {
  kind: 'command'
  /** Of a command in the registry. */
  name: string
  /** The text after the name, as it was written; `null` for none. */
  argument: string | null
}

/** A message that is not simply for the agent that answers there. */
export type Order =
  | CommandLine
  /** For this agent; `text` is the rest. */
  | { kind: 'addressed'; agent: string; text: string }

export interface Written {
  text: string
  isGroup: boolean
}

export interface Vocabulary {
  /** Ids of the agents. */
  agents: readonly string[]
  /** The command that is called so, under its name or an alias in lower case; `undefined` for none. */
  commandNamed: (name: string) => { name: string } | undefined
  /** The command that an agent's address alone stands for. */
  choosing: string
}

/** Mentions behind a longer one are left alone: looking for them in a long text takes long. */
const MAX_COMMAND_LENGTH = 500
/** Mentions that are read before a command; people do not write more, and looking takes time. */
const MAX_MENTIONS_BEFORE = 20
/** How phones write a mention: the digits of a number or of a LID. */
const MENTION_BEFORE = /^@(\d{5,20})\s+/
const MENTIONS_BEHIND = /(?:\s+@\d{5,20})+\s*$/
const COMMAND = /^\/([a-z]{1,32})(?:\s+(.*))?$/is
const ADDRESS = /^@([\w-]{1,64})(?:[,:]?\s+(.*))?$/s

/**
 * Reads the commands (`/name`, `/name argument`) and the address (`@agent text`; alone it chooses that agent) of a
 * message; `null` for every other message, and for names that belong to no command and no agent. Upper and lower case
 * are the same, and in groups mentions around a command are ignored.
 */
export function parseOrder({ text, isGroup }: Written, vocabulary: Vocabulary): Order | null {
  const words = isGroup ? withoutMentions(text.trim(), vocabulary.agents) : text.trim()
  if (words.startsWith('/')) {
    const mayMention = isGroup && words.length <= MAX_COMMAND_LENGTH
    return readCommand(mayMention ? words.replace(MENTIONS_BEHIND, '') : words, vocabulary)
  }
  const [, name, rest = ''] = ADDRESS.exec(words) ?? []
  const agent = name === undefined ? null : findAgent(name, vocabulary.agents)
  if (agent === null) return null
  if (rest.trim() === '') return { kind: 'command', name: vocabulary.choosing, argument: agent }
  return { kind: 'addressed', agent, text: rest }
}

/** The id that is meant by what a person wrote; `null` for none. */
export function findAgent(written: string, agents: readonly string[]): string | null {
  if (agents.includes(written)) return written
  return agents.find((id) => id.toLowerCase() === written.toLowerCase()) ?? null
}

function readCommand(text: string, { commandNamed }: Vocabulary): CommandLine | null {
  const [, written, rest = ''] = COMMAND.exec(text) ?? []
  const command = written === undefined ? undefined : commandNamed(written.toLowerCase())
  if (command === undefined) return null
  return { kind: 'command', name: command.name, argument: rest.trim() === '' ? null : rest.trim() }
}

function withoutMentions(text: string, agents: readonly string[]): string {
  let rest = text
  for (let count = 0; count < MAX_MENTIONS_BEFORE; count++) {
    const [mention, digits = ''] = MENTION_BEFORE.exec(rest) ?? []
    if (mention === undefined || agents.includes(digits)) break
    rest = rest.slice(mention.length)
  }
  return rest
}
