import type { ConfigProblem } from '../../protocol/config/config-problem.ts'
import { isRecord } from '../../protocol/is-record.ts'
import { type ConfigDocument, formatPath } from '../document/config-document.ts'
import type { ObjectNode, PathSegment, ValueNode } from '../document/json5-tree.ts'
import { removeKey } from '../document/remove-key.ts'
import { renameKey } from '../document/rename-key.ts'
import { setValue } from '../document/set-value.ts'
import type { Config } from '../model.ts'
import { ownName } from '../problems/foreign-keys.ts'
import { Problems } from '../problems/problems.ts'
import { channelSection } from '../read/channel-section.ts'
import type { FileTool } from '../read/foreign/file-tool.ts'
import { outerSettings } from '../read/foreign/outer-settings.ts'

/** What a text is worth as a config. */
export interface Judgement {
  config: Config | null
  tool: FileTool | null
  notices: readonly ConfigProblem[]
  /** Why it cannot be used. */
  problems: readonly ConfigProblem[]
}

/** One step that may be taken. */
interface Candidate {
  path: string
  what: string
  edit(document: ConfigDocument): ConfigDocument
}

type Rewrite = (document: ConfigDocument, judgement: Judgement) => Candidate[]

type Path = readonly string[]

/** In the order in which they are tried: what has no use here goes last. */
export const REWRITES: readonly Rewrite[] = [
  elizaGroups,
  inHolders(transportName),
  inHolders(flatCloudApi),
  inHolders(openClawStreaming),
  inHolders(coalesce),
  inHolders(switches),
  inHolders(otherNames),
  outerToChannel,
  withoutUse,
]

/** What one object of settings, the channel's or an account's, may be rewritten to. */
type HolderRewrite = (holder: ObjectNode, path: Path, judgement: Judgement) => Candidate[]

function inHolders(rewrite: HolderRewrite): Rewrite {
  return (document, judgement) => {
    const { path } = channelSection(document)
    const accounts = document.nodeAt([...path, 'accounts'])
    const ids = accounts?.type === 'object' ? accounts.members.map(({ name }) => name) : []
    return [[...path], ...ids.map((id) => [...path, 'accounts', id])].flatMap((each) => {
      const holder = document.nodeAt(each)
      return holder?.type === 'object' ? rewrite(holder, each, judgement) : []
    })
  }
}

function valueOf({ members }: ObjectNode, key: string): ValueNode | undefined {
  return members.find(({ name }) => name === key)?.value
}

/** ElizaOS has a list of its own for groups; here that of direct messages holds for them, too. */
function elizaGroups(document: ConfigDocument, { tool }: Judgement): Candidate[] {
  const { path } = channelSection(document)
  const place = [...path, 'groupAllowFrom']
  const root = document.nodeAt(path)
  if (tool !== 'elizaos' || root?.type !== 'object' || document.nodeAt(place) !== null) return []
  const what = 'Without it, nobody writes in groups there but whom a group names; here allowFrom would hold.'
  return [{ path: formatPath(place), what, edit: (each) => setValue(each, place, []) }]
}

function transportName(holder: ObjectNode, path: Path): Candidate[] {
  const written = valueOf(holder, 'transport')?.value
  const own = ownName('transport', written)
  if (own === written || typeof written !== 'string') return []
  const place = [...path, 'transport']
  const what = `"${written}" is "${String(own)}" here.`
  return [{ path: formatPath(place), what, edit: (document) => setValue(document, place, own) }]
}

const FLAT: Readonly<Record<string, string>> = {
  accessToken: 'accessToken',
  phoneNumberId: 'phoneNumberId',
  businessAccountId: 'businessAccountId',
  apiVersion: 'apiVersion',
  webhookVerifyToken: 'verifyToken',
}

function flatCloudApi(holder: ObjectNode, path: Path): Candidate[] {
  return Object.entries(FLAT).flatMap(([flat, own]) =>
    moved(holder, path, flat, ['cloudApi', own], `It is cloudApi.${own} here.`),
  )
}

/** `blockStreaming` means the reverse of ours there; what says the same everywhere is `streaming.block.enabled`. */
function openClawStreaming(holder: ObjectNode, path: Path, { tool }: Judgement): Candidate[] {
  if (tool !== 'openclaw') return []
  const what = 'streaming.block.enabled means the same in OpenClaw and here; blockStreaming does not.'
  return moved(holder, path, 'blockStreaming', ['streaming', 'block', 'enabled'], what)
}

function coalesce(holder: ObjectNode, path: Path): Candidate[] {
  const what = 'It is streaming.block.coalesce here.'
  return moved(holder, path, 'blockStreamingCoalesce', ['streaming', 'block', 'coalesce'], what)
}

function switches(holder: ObjectNode, path: Path): Candidate[] {
  const candidates: Candidate[] = []
  const level = valueOf(holder, 'reactionLevel')
  if (level?.value === 'off')
    candidates.push({
      path: formatPath([...path, 'reactionLevel']),
      what: '"off" is ackReaction without an emoji here.',
      edit: (document) =>
        setValue(removeKey(document, [...path, 'reactionLevel']), [...path, 'ackReaction', 'emoji'], ''),
    })
  else if (level !== undefined)
    candidates.push(removal([...path, 'reactionLevel'], 'Only "off" has a meaning here.'))
  const own = valueOf(holder, 'ignoreOwnMessages')
  if (own?.value === true)
    candidates.push({
      path: formatPath([...path, 'ignoreOwnMessages']),
      what: 'It is selfChatMode: false here.',
      edit: (document) =>
        setValue(removeKey(document, [...path, 'ignoreOwnMessages']), [...path, 'selfChatMode'], false),
    })
  else if (own !== undefined)
    candidates.push(removal([...path, 'ignoreOwnMessages'], 'false is how it is without it.'))
  return candidates
}

/** Keys of other tools that are refused here, and that have one of ours. */
const NAMES: Readonly<Record<string, string>> = {
  allowedNumbers: 'allowFrom',
  allowedUsers: 'allowFrom',
  autoReply: 'enabled',
  defaultAgentId: 'defaultAgent',
}

function otherNames(holder: ObjectNode, path: Path): Candidate[] {
  const renamed = Object.entries(NAMES).flatMap(([theirs, ours]): Candidate[] => {
    if (valueOf(holder, theirs) === undefined || valueOf(holder, ours) !== undefined) return []
    const place = [...path, theirs]
    const edit = (document: ConfigDocument): ConfigDocument => renameKey(document, place, ours)
    return [{ path: formatPath(place), what: `It is ${ours} here.`, edit }]
  })
  const ack = moved(holder, path, 'ackEmoji', ['ackReaction', 'emoji'], 'It is ackReaction.emoji here.')
  const number =
    valueOf(holder, 'phoneNumber') === undefined
      ? []
      : [removal([...path, 'phoneNumber'], 'The number of the account is known from the link.')]
  return [...renamed, ...ack, ...allowAll(holder, path), ...number]
}

function allowAll(holder: ObjectNode, path: Path): Candidate[] {
  const written = valueOf(holder, 'allowAll')?.value
  const place = [...path, 'allowAll']
  if (written === false) return [removal(place, 'Nobody is allowed here but who is named in allowFrom.')]
  // Who is named beside it would be lost.
  if (written !== true || valueOf(holder, 'allowFrom') !== undefined) return []
  return [
    {
      path: formatPath(place),
      what: 'It is dmPolicy: "open" with allowFrom: ["*"] here: everybody may write.',
      edit: (document) =>
        setValue(
          setValue(removeKey(document, place), [...path, 'dmPolicy'], 'open'),
          [...path, 'allowFrom'],
          ['*'],
        ),
    },
  ]
}

/** What OpenClaw says outside of the channel, where the channel says nothing. It stays there too: other channels read it. */
function outerToChannel(document: ConfigDocument, { tool }: Judgement): Candidate[] {
  if (tool !== 'openclaw') return []
  const { path } = channelSection(document)
  const root = document.nodeAt(path)
  if (root?.type !== 'object') return []
  const { values, placeOf } = outerSettings(document, new Problems(document))
  return Object.entries(values).flatMap(([key, value]): Candidate[] => {
    const place = key === 'blockStreaming' ? [...path, 'streaming', 'block', 'enabled'] : [...path, key]
    if (value === undefined || document.nodeAt(place) !== null) return []
    const written = key === 'blockStreaming' ? value !== true : value
    return [
      {
        path: formatPath(placeOf(key)),
        what: `It is ${formatPath(place)} here.`,
        edit: (each) => setValue(each, place, written),
      },
    ]
  })
}

/** Keys of other tools that have no use here, as the notices name them. */
function withoutUse(document: ConfigDocument, { notices }: Judgement): Candidate[] {
  const unused = new Set(notices.flatMap(({ code, path }) => (code === 'foreign_key' ? path : [])))
  if (unused.size === 0) return []
  const { path } = channelSection(document)
  const found: Path[] = []
  const look = (node: ValueNode | null, at: Path): void => {
    if (node?.type !== 'object') return
    for (const { name, value } of node.members) {
      const inner = [...at, name]
      if (unused.has(formatPath(inner))) found.push(inner)
      else look(value, inner)
    }
  }
  look(document.nodeAt(path), path)
  return found.map((place) => removal(place, 'It has no use here.'))
}

function removal(place: Path, what: string): Candidate {
  return { path: formatPath(place), what, edit: (document) => removeKey(document, place) }
}

/** A value that stands elsewhere here, unless there is one already. */
function moved(
  holder: ObjectNode,
  path: Path,
  from: string,
  to: readonly string[],
  what: string,
): Candidate[] {
  const node = valueOf(holder, from)
  if (node === undefined || valueAtPath(holder.value, to) !== undefined) return []
  const place = [...path, from]
  return [
    {
      path: formatPath(place),
      what,
      edit: (document) => setValue(removeKey(document, place), [...path, ...to], node.value),
    },
  ]
}

function valueAtPath(holder: unknown, path: readonly PathSegment[]): unknown {
  return path.reduce<unknown>((each, key) => (isRecord(each) ? each[key] : undefined), holder)
}
