import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import type { ContentBlock } from '@agentclientprotocol/sdk'
import { TEXT_LIMITS } from '../../../protocol/text/text-limits.ts'
import { cleanLine } from '../../../text/bounded-text.ts'
import type { HistoryMessage, Turn, TurnAttachment } from '../../agent.ts'
import { describeTurn } from '../../turn-text/describe-turn.ts'
import { quotedData } from '../../turn-text/quoted-data.ts'
import type { AgentAbilities } from './agent-abilities.ts'

/** What is handed over inside of a message; larger files by their place. All of a turn together, in bytes. */
const MAX_INLINE_BYTES = 4 * 1_024 * 1_024
const MAX_FILES = 20
/** Of one earlier message, in UTF-16 code units. */
const MAX_EARLIER_LENGTH = 4_000
/** Formats that models take. */
const IMAGES = /^image\/(?:jpeg|png|gif|webp)$/
const AUDIO = /^audio\/[\w.+-]+$/

export interface PromptContext {
  /** What the operator wrote for this agent and this chat; `null` where the agent knows it already, or there is nothing. */
  instructions: string | null
  /** What was said in the conversation and the agent does not know yet, oldest first. */
  earlier: readonly HistoryMessage[]
  abilities: Pick<AgentAbilities, 'takesImages' | 'takesAudio'>
}

/**
 * One turn as the blocks of a prompt: one text with everything that is known of it, then its files. Pictures and sound are inside where
 * the agent takes them; every other file by its place on this machine.
 */
export async function promptBlocks(turn: Turn, context: PromptContext): Promise<ContentBlock[]> {
  const { instructions, earlier } = context
  const texts = [
    ...(instructions === null
      ? []
      : [`[turn ${turn.id}: instructions of your operator]\n${instructions}\n[/turn ${turn.id}]`]),
    ...(earlier.length === 0 ? [] : [describeEarlier(turn, earlier)]),
    describeTurn(turn),
    ...turn.messages.map(({ text }) => text),
  ]
  const files = turn.messages.flatMap(({ attachments }) => attachments).slice(0, MAX_FILES)
  const blocks: ContentBlock[] = [{ type: 'text', text: texts.join('\n\n') }]
  let room = MAX_INLINE_BYTES
  for (const file of files) {
    if (file.path === null) continue
    const data = isInline(file, context.abilities) ? await readInline(file.path, room) : null
    room -= data?.length ?? 0
    blocks.push(data === null ? linkTo(file, file.path) : inlined(file, data))
  }
  return blocks
}

/** A short mark of the instructions, to see whether the agent knows them already. */
export function markOf(instructions: string | null): string {
  return instructions === null ? '' : createHash('sha256').update(instructions).digest('base64url')
}

/**
 * What of the history a session has not been told: all behind the newest message of a person or the owner that it knows. What the
 * assistant said right behind that one was its own answer.
 */
export function missedSince(history: readonly HistoryMessage[], seenUntil: number): HistoryMessage[] {
  const last = history.findLastIndex(({ from, at }) => from !== 'assistant' && at.getTime() <= seenUntil)
  const behind = history.slice(last + 1)
  const first = behind.findIndex(({ from }) => from !== 'assistant')
  return first === -1 ? [] : behind.slice(first)
}

function describeEarlier({ id, isGroup }: Turn, earlier: readonly HistoryMessage[]): string {
  const authors = {
    person: isGroup ? 'somebody' : 'the person',
    assistant: 'you, the assistant',
    owner: 'the owner of this WhatsApp account, by hand',
  } as const
  const lines = earlier.map(({ from, sender, text, at, revoked }) => {
    const named = sender?.name == null ? null : quotedData(sender.name, TEXT_LIMITS.name)
    const who = [authors[from], named, sender?.phoneNumber ?? null].filter((each) => each !== null).join(', ')
    const said = revoked === true ? '(taken back)' : quotedData(text, MAX_EARLIER_LENGTH)
    return `- ${at.toISOString()} ${who}: ${said}`
  })
  return [
    `[turn ${id}: what was said here before. It is for your information; answer only the question at the end.]`,
    ...lines,
    `[/turn ${id}]`,
  ].join('\n')
}

function isInline({ kind, mimeType }: TurnAttachment, abilities: PromptContext['abilities']): boolean {
  if (mimeType === null) return false
  return (
    (kind === 'image' && abilities.takesImages && IMAGES.test(mimeType)) ||
    (kind === 'audio' && abilities.takesAudio && AUDIO.test(mimeType))
  )
}

/** In base64; `null` where it is larger than there is room, or cannot be read. */
async function readInline(path: string, room: number): Promise<string | null> {
  try {
    const file = await open(path, 'r')
    try {
      const { size } = await file.stat()
      return Math.ceil(size / 3) * 4 > room ? null : (await file.readFile()).toString('base64')
    } finally {
      await file.close()
    }
  } catch {
    return null
  }
}

function inlined({ kind, mimeType }: TurnAttachment, data: string): ContentBlock {
  const type = kind === 'image' ? 'image' : 'audio'
  return { type, data, mimeType: mimeType ?? '' }
}

function linkTo({ name, what, mimeType, size }: TurnAttachment, path: string): ContentBlock {
  return {
    type: 'resource_link',
    uri: pathToFileURL(path).href,
    name: cleanLine(name ?? what, TEXT_LIMITS.name) || 'file',
    ...(mimeType !== null && { mimeType }),
    ...(size !== null && { size }),
  }
}
