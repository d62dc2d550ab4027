import { isRecord } from '../../../protocol/is-record.ts'
import { toEmoji } from '../../../text/emoji.ts'
import type { ConfigDocument } from '../../document/config-document.ts'
import type { PathSegment } from '../../document/json5-tree.ts'
import type { Problems } from '../../problems/problems.ts'
import { foreignSettings } from '../../settings/foreign-settings.ts'
import { replySettings } from '../../settings/reply-settings.ts'
import type { RawAccount } from '../read-channel.ts'
import type { AccountLayer } from './account-layers.ts'
import { outerMentions } from './outer-mentions.ts'
import { noteOuterSwitches } from './outer-switches.ts'
import { recordAt } from './record-at.ts'

/** What `messages.ackReactionScope` means for each kind of chat. https://docs.openclaw.ai/channels/whatsapp */
const SCOPES: Readonly<Record<string, { direct: boolean; group: 'mentions' | 'always' | 'never' }>> = {
  all: { direct: true, group: 'always' },
  direct: { direct: true, group: 'never' },
  'group-all': { direct: false, group: 'always' },
  'group-mentions': { direct: false, group: 'mentions' },
  off: { direct: false, group: 'never' },
  none: { direct: false, group: 'never' },
}

/**
 * What OpenClaw takes from its sections outside of the channel where the channel says nothing: acknowledgements, waiting time, prefix and
 * history of `messages`, streaming of `agents.defaults`, policies of `channels.defaults`. Of a policy only what is narrower than ours.
 * Texts with variables are left out but for those of `channels.defaults`: they are expanded there, and in the sections of the daemon.
 */
export function outerSettings(
  { value: file }: Pick<ConfigDocument, 'value'>,
  problems: Problems,
): AccountLayer {
  const places = new Map<string, readonly PathSegment[]>()
  const values: RawAccount = {}
  const take = <Key extends keyof RawAccount>(
    key: Key,
    path: readonly PathSegment[],
    value: RawAccount[Key] | undefined,
  ): void => {
    if (value === undefined) return
    values[key] = value
    places.set(key, path)
    problems.notice(
      'other_meaning',
      path,
      `As in OpenClaw, this holds for WhatsApp where the channel does not set it.`,
    )
  }
  noteIgnored(file, problems)
  const messages = recordAt(file, 'messages')
  take('ackReaction', ['messages', 'ackReaction'], acknowledgement(messages))
  take(
    'responsePrefix',
    ['messages', 'responsePrefix'],
    parsed(replySettings.responsePrefix, plainText(messages['responsePrefix'])),
  )
  const inbound = recordAt(messages, 'inbound')
  const byChannel = recordAt(inbound, 'byChannel')['whatsapp']
  take(
    'debounceMs',
    byChannel === undefined
      ? ['messages', 'inbound', 'debounceMs']
      : ['messages', 'inbound', 'byChannel', 'whatsapp'],
    parsed(replySettings.debounceMs, byChannel ?? inbound['debounceMs']),
  )
  const { historyLimit } = recordAt(messages, 'groupChat')
  take(
    'historyLimit',
    ['messages', 'groupChat', 'historyLimit'],
    parsed(replySettings.historyLimit, historyLimit),
  )
  const mentions = outerMentions(file, problems)
  if (mentions !== null) take('mentionPatterns', mentions.path, mentions.patterns)
  const { blockStreamingDefault } = recordAt(recordAt(file, 'agents'), 'defaults')
  if (blockStreamingDefault === 'on' || blockStreamingDefault === 'off')
    take('blockStreaming', ['agents', 'defaults', 'blockStreamingDefault'], blockStreamingDefault === 'off')
  const defaults = recordAt(recordAt(file, 'channels'), 'defaults')
  const inDefaults = (key: string): PathSegment[] => ['channels', 'defaults', key]
  const defaultOf = (key: string): unknown => expanded(defaults[key], inDefaults(key), problems)
  for (const key of ['groupPolicy', 'dmPolicy'] as const)
    if (defaultOf(key) === 'disabled') take(key, inDefaults(key), 'disabled')
  take(
    'contextVisibility',
    inDefaults('contextVisibility'),
    parsed(foreignSettings.contextVisibility, defaultOf('contextVisibility')),
  )
  return { values, path: null, placeOf: (key) => [...(places.get(key) ?? [])] }
}

/** A value that restricts, with its variables; an error where it cannot be told what it restricts. */
function expanded(value: unknown, path: readonly PathSegment[], problems: Problems): unknown {
  const result = problems.expansions.expand(value, path)
  const failure = problems.expansions.at(path)?.failure ?? null
  if (failure !== null) problems.error(failure.code, path, `${failure.message}.`)
  return result
}

function noteIgnored(file: Readonly<Record<string, unknown>>, problems: Problems): void {
  noteBindings(file['bindings'], problems)
  noteCommands(recordAt(file, 'commands'), problems)
  noteOuterSwitches(file, problems)
}

/** Which assistant answers whom stands elsewhere here. */
function noteBindings(bindings: unknown, problems: Problems): void {
  if (!Array.isArray(bindings)) return
  const index = bindings.findIndex(
    (each) => isRecord(each) && recordAt(each, 'match')['channel'] === 'whatsapp',
  )
  const message =
    'Bindings choose no assistant here. For that there are defaultAgent, senders.<number>.agent and groups.<address>.agent.'
  if (index >= 0) problems.notice('ignored', ['bindings', index], message)
}

/** Who may write may use the commands of the chat, too. */
function noteCommands(commands: Readonly<Record<string, unknown>>, problems: Problems): void {
  for (const key of ['allowFrom', 'ownerAllowFrom'])
    if (commands[key] !== undefined)
      problems.notice(
        'ignored',
        ['commands', key],
        'It is not read: everybody who may write may use the commands of whatsappd, and those of owners are for the numbers in `commands.owners` of the channel.',
      )
}

/** Emoji and scope; `undefined` where there is none that is known here. */
function acknowledgement(messages: Record<string, unknown>): RawAccount['ackReaction'] {
  const { ackReaction: written, ackReactionScope: scope = 'group-mentions', removeAckAfterReply } = messages
  const emoji = plainText(written)
  if (typeof emoji !== 'string' || (emoji.trim() !== '' && toEmoji(emoji) === null)) return undefined
  const where = typeof scope === 'string' && Object.hasOwn(SCOPES, scope) ? SCOPES[scope] : undefined
  return { emoji, ...(where ?? SCOPES['off']), removeAfterReply: removeAckAfterReply === true }
}

function plainText(value: unknown): unknown {
  return typeof value === 'string' && value.includes('${') ? undefined : value
}

function parsed<Value>(
  schema: { safeParse(value: unknown): { success: true; data: Value } | { success: false } },
  value: unknown,
): Value | undefined {
  const result = schema.safeParse(value)
  return result.success ? result.data : undefined
}
