import { createHash } from 'node:crypto'
import { pathToFileURL } from 'node:url'
import type { ContentBlock } from '@agentclientprotocol/sdk'
import { TEXT_LIMITS } from '../../../protocol/text/text-limits.ts'
import { cleanLine } from '../../../text/bounded-text.ts'
import type { HistoryMessage, Turn, TurnAttachment } from '../../agent.ts'
import { describeTurn } from '../../turn-text/describe-turn.ts'
import { filesOfTurn } from '../../turn-files/files-of-turn.ts'
import { imageTypeOf } from '../../turn-files/image-type.ts'
import { readTextDocument } from '../../turn-files/read-text-document.ts'
import { readTurnFile } from '../../turn-files/read-turn-file.ts'
import { quotedData } from '../../turn-text/quoted-data.ts'
import type { AgentAbilities } from './agent-abilities.ts'

/** What is handed over inside of a message; larger files by their place. All of a turn together, in bytes. */
const MAX_INLINE_BYTES = 4 * 1_024 * 1_024
const MAX_FILES = 20
/** Of one earlier message, in UTF-16 code units. */
const MAX_EARLIER_LENGTH = 4_000
const MAX_TEXT_BYTES = 256 * 1_024
/** Without its parameters. */
const AUDIO = /^audio\/[\w.+-]+/

export interface PromptContext {
  /** What the operator wrote for this agent and this chat; `null` where the agent knows it already, or there is nothing. */
  instructions: string | null
  /** What was said in the conversation and the agent does not know yet, oldest first. */
  earlier: readonly HistoryMessage[]
  abilities: Pick<AgentAbilities, 'takesImages' | 'takesAudio' | 'takesResources'>
}

/**
 * One turn as the blocks of a prompt: one text with everything that is known of it, then its files. Pictures, sound and documents of
 * words are inside where the agent takes them; every other file by its place on this machine.
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
  const files = filesOfTurn(turn).slice(-MAX_FILES)
  const blocks: ContentBlock[] = [{ type: 'text', text: texts.join('\n\n') }]
  let room = MAX_INLINE_BYTES
  for (const file of files) {
    if (file.path === null) continue
    const inside = await readInside(file, file.path, context.abilities, room)
    room -= inside?.length ?? 0
    blocks.push(inside?.block ?? linkTo(file, file.path))
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

/** `null` where the agent does not take it, where it is larger than there is room, and where it cannot be read. */
async function readInside(
  file: TurnAttachment,
  path: string,
  { takesImages, takesAudio, takesResources }: PromptContext['abilities'],
  room: number,
): Promise<{ block: ContentBlock; length: number } | null> {
  const document = takesResources
    ? await readTextDocument(file, Math.min(MAX_TEXT_BYTES, Math.max(0, room)))
    : null
  if (document !== null && !document.isCut) {
    const { text } = document
    const resource = { uri: pathToFileURL(path).href, text, ...typeOf(file) }
    return { block: { type: 'resource', resource }, length: text.length }
  }
  const { kind } = file
  const mayBeImage = takesImages && (kind === 'image' || kind === 'document')
  const sound = takesAudio && kind === 'audio' ? audioTypeOf(file) : undefined
  if (!mayBeImage && sound === undefined) return null
  // In base64.
  const bytes = await readTurnFile(path, Math.floor(Math.max(0, room) / 4) * 3)
  const image = bytes === null || !mayBeImage ? null : imageTypeOf(bytes)
  const type = image ?? sound
  if (bytes === null || type === undefined) return null
  const data = bytes.toString('base64')
  const block = { type: image === null ? ('audio' as const) : ('image' as const), data, mimeType: type }
  return { block, length: data.length }
}

/** By its bytes, where they show it: phones send HEIC pictures and name them JPEG. */
function typeOf({ detectedType, mimeType }: TurnAttachment): { mimeType?: string } {
  const type = detectedType ?? mimeType
  return type === null ? {} : { mimeType: type }
}

/** Sound may lie in a container of videos, so that its sender's word counts, too. */
function audioTypeOf({ detectedType, mimeType }: TurnAttachment): string | undefined {
  return (AUDIO.exec(detectedType ?? '') ?? AUDIO.exec(mimeType ?? ''))?.[0]
}

function linkTo(file: TurnAttachment, path: string): ContentBlock {
  const { name, what, size } = file
  return {
    type: 'resource_link',
    uri: pathToFileURL(path).href,
    name: cleanLine(name ?? what, TEXT_LIMITS.name) || 'file',
    ...typeOf(file),
    ...(size !== null && { size }),
  }
}
