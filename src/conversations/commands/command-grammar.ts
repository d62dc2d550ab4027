/** What a person may ask of the daemon itself. */
export type ChatCommand =
  | { kind: 'command'; name: 'agents' }
  /** `id` as it was written; `null` asks who answers. */
  | { kind: 'command'; name: 'agent'; id: string | null }

/** A message that is not simply for whoever answers. */
export type CommandLine =
  | ChatCommand
  /** For this agent; `text` is the rest. */
  | { kind: 'addressed'; agent: string; text: string }

export interface Written {
  text: string
  chat_kind: 'direct' | 'self' | 'group'
}

/** Mentions behind a longer one are left alone: looking for them in a long text takes long. */
const MAX_COMMAND_LENGTH = 500
/** Mentions before a command; nobody writes more, and looking takes time. */
const MAX_MENTIONS_BEFORE = 20
/** How phones write a mention: the digits of a number or of a LID. */
const MENTION_BEFORE = /^@(\d{5,20})\s+/
const MENTIONS_BEHIND = /(?:\s+@\d{5,20})+\s*$/
const COMMAND = /^\/(agents?)(?:\s+(.*))?$/is
const ADDRESS = /^@([\w-]{1,64})(?:[,:]?\s+(.*))?$/s

/**
 * Reads the commands (`/agent`, `/agent <id>`, `/agents`) and the address (`@<id> text`; alone it is `/agent <id>`) of
 * a message; `null` for every other one, and for the name of nobody. Upper and lower case are the same, and in groups
 * mentions around a command count for nothing.
 */
export function parseCommand({ text, chat_kind }: Written, agents: readonly string[]): CommandLine | null {
  const inGroup = chat_kind === 'group'
  const words = inGroup ? withoutMentions(text.trim(), agents) : text.trim()
  if (words.startsWith('/')) {
    const mayMention = inGroup && words.length <= MAX_COMMAND_LENGTH
    return readCommand(mayMention ? words.replace(MENTIONS_BEHIND, '') : words)
  }
  const [, name, rest = ''] = ADDRESS.exec(words) ?? []
  const agent = name === undefined ? null : findAgent(name, agents)
  if (agent === null) return null
  if (rest.trim() === '') return { kind: 'command', name: 'agent', id: agent }
  return { kind: 'addressed', agent, text: rest }
}

/** The id that is meant by what a person wrote; `null` for none. */
export function findAgent(written: string, agents: readonly string[]): string | null {
  if (agents.includes(written)) return written
  return agents.find((id) => id.toLowerCase() === written.toLowerCase()) ?? null
}

function readCommand(text: string): ChatCommand | null {
  const [, name, rest = ''] = COMMAND.exec(text) ?? []
  if (name === undefined) return null
  if (name.toLowerCase() === 'agents') return { kind: 'command', name: 'agents' }
  return { kind: 'command', name: 'agent', id: rest.trim() === '' ? null : rest.trim() }
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
