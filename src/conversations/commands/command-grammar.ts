import { foldedText } from '../../text/mentions/find-name.ts'
import { withoutEnd } from './command-words.ts'

/** A command of a person to the daemon itself. */
export interface CommandLine {
  kind: 'command'
  /** Of a command in the registry. */
  name: string
  /** The text after the name, as it was written; `null` for none. */
  argument: string | null
}

/** A message that is not simply for the agent that answers there. */
export type Order =
  | CommandLine
  /** A word that is no command, and one slip away from the command `meant`. */
  | { kind: 'nearMiss'; meant: string }
  /** For this agent; `text` is the rest. */
  | { kind: 'addressed'; agent: string; text: string }

export interface Written {
  text: string
  isGroup: boolean
}

export interface Vocabulary {
  /** Ids of the agents. */
  agents: readonly string[]
  /** What people call the assistant in groups; regular expressions among them count for nothing here. */
  names: readonly string[]
  /** The command that is called so, under its name or an alias in lower case; `undefined` for none. */
  commandNamed: (name: string) => { name: string } | undefined
  /** The name that was probably meant by a word that is none; `undefined` for none. */
  nearCommand: (word: string) => string | undefined
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
/** Where a command begins behind a name; a longer beginning is no name. */
const COMMAND_BEHIND = /^[^\s@/][^/]{0,60}?(?=[\s,:][/\uFF0F\u2215\u2044])/u
/** As keyboards of other scripts write it. */
const SLASH = /^[/\uFF0F\u2215\u2044]/
/** The name, punctuation that keyboards put behind a word, and the rest. */
const COMMAND = /^.([\p{L}\p{N}]{1,32})[.,!?;:…。，！？：،؟]{0,5}(?:\s+(.*))?$/su
const ADDRESS = /^@([\w-]{1,64})(?:[,:]?\s+(.*))?$/s
/** Marks of direction and other characters without a width, which keyboards and copied texts bring along. */
const INVISIBLE = /[\u00AD\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/g
const BLANK = /[\s\u00AD\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/

/**
 * Reads the commands (`/name`, `/name argument`) and the address (`@agent text`; alone it chooses that agent) of a
 * message; `null` for every other message, and for names that belong to no command and no agent. Upper and lower case
 * are the same, as are the forms of a slash, and invisible marks and punctuation behind a name do not count. In groups mentions around a
 * command are ignored, and the assistant's name before it.
 */
export function parseOrder({ text, isGroup }: Written, vocabulary: Vocabulary): Order | null {
  const visible = trimmed(text)
  const words = isGroup ? withoutName(withoutMentions(visible, vocabulary.agents), vocabulary.names) : visible
  if (SLASH.test(words)) {
    if (words.length > MAX_COMMAND_LENGTH) return readCommand(words, vocabulary)
    const line = words.replaceAll(INVISIBLE, '')
    return readCommand(isGroup ? line.replace(MENTIONS_BEHIND, '') : line, vocabulary)
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

function readCommand(text: string, { commandNamed, nearCommand }: Vocabulary): Order | null {
  const [, written, rest = ''] = COMMAND.exec(text) ?? []
  if (written === undefined) return null
  // Letters of full width are the same letters.
  const name = written.normalize('NFKC').toLowerCase()
  const command = commandNamed(name)
  if (command !== undefined)
    return { kind: 'command', name: command.name, argument: rest.trim() === '' ? null : rest.trim() }
  const meant = nearCommand(name)
  return meant === undefined ? null : { kind: 'nearMiss', meant }
}

/** Without the blanks and invisible marks around it. */
function trimmed(text: string): string {
  let [start, end] = [0, text.length]
  while (start < end && BLANK.test(text.charAt(start))) start += 1
  while (end > start && BLANK.test(text.charAt(end - 1))) end -= 1
  return text.slice(start, end)
}

/** `Ada, /help` as `/help`. */
function withoutName(text: string, names: readonly string[]): string {
  if (names.length === 0) return text
  const [head] = COMMAND_BEHIND.exec(text) ?? []
  if (head === undefined) return text
  const called = foldedText(withoutEnd(head.replaceAll(INVISIBLE, '')))
  const isName = names.some((name) => foldedText(name).trim() === called)
  return isName ? text.slice(head.length + 1).trimStart() : text
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
