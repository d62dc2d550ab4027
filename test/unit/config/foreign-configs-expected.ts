import type { AccountConfig } from '../../../src/config/model.ts'
import type { FileTool } from '../../../src/config/read/foreign/file-tool.ts'

/**
 * A, B and C are +15555550101 to 0103, S is on no list; `off` where the account is switched off. Groups are answered where the message is
 * for the assistant.
 */
interface Writers {
  direct: string
  family: string
  work: string
  other: string
}

export type ExpectedFile =
  | { refused: readonly string[] }
  | {
      tool: FileTool | null
      writers: Readonly<Record<string, Writers>>
      /** Of the accounts. */
      settings?: Readonly<Record<string, { readonly [Key in keyof AccountConfig]?: unknown }>>
      /** `code path`, the path below the section; all of them. */
      notices?: readonly string[]
      badEntries?: readonly string[]
    }

const inAll = (people: string): Writers => ({ direct: people, family: people, work: people, other: people })
const directly = (people: string): Writers => ({ ...inAll(''), direct: people })
const NOBODY = inAll('')
const OFF = inAll('off')

/** By the name of the file. */
export const EXPECTED: Readonly<Record<string, ExpectedFile>> = {
  'openclaw-quick-start': { tool: 'openclaw', writers: { default: inAll('A') } },
  'openclaw-no-policy': { tool: 'openclaw', writers: { default: NOBODY } },
  'openclaw-personal-number': {
    tool: 'openclaw',
    writers: { default: inAll('A') },
    settings: { default: { sendReadReceipts: false, responsePrefix: 'auto' } },
    notices: ['other_meaning responsePrefix'],
  },
  'openclaw-groups-open': {
    tool: 'openclaw',
    writers: { default: { ...inAll('ABCS'), direct: 'A' } },
  },
  'openclaw-open-to-all': { tool: 'openclaw', writers: { default: directly('ABCS') } },
  'openclaw-star-without-open': { refused: ['needs dmPolicy: "open"'] },
  'openclaw-group-senders': {
    tool: 'openclaw',
    writers: { default: { direct: 'A', family: 'B', work: '', other: '' } },
    notices: [
      'foreign_key groups.120363000000000001@g.us.tools',
      'foreign_key groups.120363000000000001@g.us.toolsBySender',
    ],
  },
  'openclaw-default-group-policy': {
    tool: 'openclaw',
    writers: { default: directly('A') },
    settings: { default: { hidesQuotes: true } },
    notices: [
      'other_meaning channels.defaults.groupPolicy',
      'other_meaning channels.defaults.contextVisibility',
    ],
  },
  'openclaw-default-group-policy-open': { tool: 'openclaw', writers: { default: inAll('A') } },
  'openclaw-2026-1': {
    tool: 'openclaw',
    writers: { default: inAll('A') },
    settings: {
      default: {
        messagePrefix: '',
        inboundPrefix: '[clawdbot]',
        mentionPatterns: { patterns: ['/@clawd/i'], mode: 'allow', allowIn: [], denyIn: [] },
        coalesce: { minChars: 800, maxChars: null, idleMs: 1000 },
        blockStreaming: false,
        chunkMode: 'length',
        textChunkLimit: 3500,
        debounceMs: 2000,
        ackReaction: { emoji: '👀', direct: true, group: 'always' },
      },
    },
    notices: [
      'other_meaning blockStreaming',
      'other_meaning messagePrefix',
      'other_meaning messages.groupChat.mentionPatterns',
    ],
  },
  'openclaw-2026-9': {
    tool: 'openclaw',
    writers: { default: inAll('A') },
    settings: {
      default: {
        chunkMode: 'length',
        blockStreaming: true,
        responsePrefix: '[{model}]',
        replyToMode: 'first',
        coalesce: { minChars: 1500, maxChars: null, idleMs: 1000 },
        debounceMs: 3000,
        historyLimit: 10,
        ackReaction: { emoji: '👀', direct: true, group: 'always', removeAfterReply: true },
      },
    },
    notices: [
      'foreign_key actions',
      'foreign_key healthMonitor',
      'foreign_key heartbeatVisibility',
      'other_meaning messages.ackReaction',
      'other_meaning messages.groupChat.historyLimit',
      'other_meaning messages.inbound.byChannel.whatsapp',
      'other_meaning messages.responsePrefix',
    ],
  },
  'openclaw-block-streaming-off': {
    tool: 'openclaw',
    writers: { default: inAll('A') },
    settings: { default: { blockStreaming: true } },
    notices: ['other_meaning agents.defaults.blockStreamingDefault', 'other_meaning blockStreaming'],
  },
  'openclaw-block-streaming-default': {
    tool: 'openclaw',
    writers: { default: inAll('A') },
    settings: { default: { blockStreaming: true } },
    notices: ['other_meaning agents.defaults.blockStreamingDefault'],
  },
  'openclaw-no-reactions': {
    tool: 'openclaw',
    writers: { default: inAll('A') },
    settings: { default: { ackReaction: { emoji: '' } } },
    notices: ['other_meaning messages.ackReaction', 'other_meaning reactionLevel'],
  },
  'openclaw-ack-scope': {
    tool: 'openclaw',
    writers: { default: inAll('A') },
    settings: { default: { ackReaction: { emoji: '✅', direct: false, group: 'mentions' } } },
    notices: ['other_meaning messages.ackReaction'],
  },
  'openclaw-accounts-default': {
    tool: 'openclaw',
    writers: { default: directly('A'), work: directly('A'), shop: inAll('C') },
    settings: {
      default: { sendReadReceipts: false, name: 'Me', access: { selfChat: false } },
      work: { sendReadReceipts: false, name: 'Work' },
      shop: { sendReadReceipts: false, name: null },
    },
    notices: ['other_meaning accounts.default'],
  },
  'openclaw-accounts-disabled': { tool: 'openclaw', writers: { default: OFF, work: inAll('A') } },
  'openclaw-channel-off': { tool: 'openclaw', writers: { work: OFF }, notices: ['other_meaning enabled'] },
  'openclaw-empty-group-map': {
    tool: 'openclaw',
    writers: { home: { direct: 'A', family: 'A', work: '', other: '' }, work: inAll('A') },
  },
  'openclaw-bindings': {
    tool: 'openclaw',
    writers: { default: inAll('A') },
    notices: ['ignored bindings[0]'],
  },
  'openclaw-commands': {
    tool: 'openclaw',
    writers: { default: inAll('AB') },
    notices: ['ignored commands.allowFrom', 'ignored commands.ownerAllowFrom'],
  },
  'openclaw-formatted-numbers': {
    tool: 'openclaw',
    writers: { default: inAll('ABC') },
    badEntries: ['channels.whatsapp.allowFrom[3]'],
  },
  'openclaw-unknown-key': { refused: ['The key of ours is allowFrom, which names all who may write.'] },
  'milady-guide': {
    tool: 'milady',
    writers: { default: { direct: 'A', family: 'A', work: '', other: '' } },
    settings: {
      default: {
        messagePrefix: '[Milady] ',
        blockStreaming: true,
        debounceMs: 1000,
        authDir: '/sandbox/auth/whatsapp',
        ackReaction: { emoji: '👀', direct: true, group: 'mentions' },
      },
    },
    notices: ['other_meaning blockStreaming', 'other_meaning messagePrefix'],
  },
  'milady-minimal': {
    tool: 'milady',
    writers: { default: NOBODY },
    notices: ['foreign_key authState', 'foreign_key sessionPath'],
  },
  'milady-closed': { tool: 'milady', writers: { default: { ...inAll('ABCS'), direct: '' } } },
  'milady-allowed-jids-alone': {
    tool: 'milady',
    writers: { default: NOBODY },
    notices: ['foreign_key sessionPath', 'other_meaning allowedJids'],
  },
  'milady-allowed-jids': {
    tool: 'milady',
    writers: { default: inAll('A') },
    notices: ['other_meaning allowedJids'],
  },
  'milady-allowed-jids-open': {
    tool: 'milady',
    writers: { default: { direct: 'A', family: 'A', work: '', other: '' } },
    notices: ['other_meaning allowedJids'],
  },
  'milady-allowed-groups': {
    tool: 'milady',
    writers: { default: { direct: 'A', family: 'A', work: '', other: '' } },
    notices: ['other_meaning allowedGroups'],
  },
  'milady-allowed-groups-none': {
    tool: 'milady',
    writers: { default: directly('A') },
    notices: ['other_meaning allowedGroups'],
  },
  'milady-bad-jid': {
    tool: 'milady',
    writers: { default: NOBODY },
    notices: ['other_meaning allowedJids'],
    badEntries: ['connectors.whatsapp.allowedJids[0]'],
  },
  'milady-ignore-own': {
    tool: 'milady',
    writers: { default: NOBODY },
    settings: { default: { access: { selfChat: false, allowFrom: ['+15555550100'] } } },
  },
  'milady-accounts': {
    tool: 'milady',
    writers: { default: inAll('B'), business: inAll('A') },
  },
  'elizaos-baileys': {
    tool: 'elizaos',
    writers: { default: directly('A') },
    settings: { default: { transport: 'linked-device', authDir: '/sandbox/sessions/whatsapp' } },
  },
  'elizaos-cloud': {
    tool: 'elizaos',
    writers: { default: NOBODY },
    settings: { default: { transport: 'cloud-api', isTransportSet: true } },
    notices: ['literal_secret accessToken', 'literal_secret webhookVerifyToken'],
  },
  'elizaos-cloud-keys': {
    tool: 'elizaos',
    writers: { default: directly('A') },
    notices: ['literal_secret accessToken', 'literal_secret webhookVerifyToken'],
  },
  'elizaos-groups': {
    tool: 'elizaos',
    writers: { default: { direct: 'A', family: 'C', work: '', other: '' } },
    notices: ['foreign_key groups.120363000000000001@g.us.skills'],
  },
  'elizaos-groups-of-accounts': {
    tool: 'elizaos',
    writers: { sales: { direct: 'A', family: 'ABCS', work: '', other: 'ABCS' } },
  },
  'elizaos-character': {
    tool: null,
    writers: { default: NOBODY },
    notices: ['near_miss settings'],
  },
  'elizaos-channels': {
    tool: 'elizaos',
    writers: { default: directly('A') },
    notices: ['foreign_key groups.120363000000000001@g.us.skills'],
  },
  'djinnbot-settings': {
    tool: null,
    writers: { default: directly('AB') },
    settings: { default: { defaultAgent: 'finn', senders: { '+15555550102': { agent: 'eve' } } } },
  },
  'djinnbot-raw': {
    refused: [
      'The key of ours is allowFrom',
      'dmPolicy: "open"',
      'ackReaction.emoji',
      'The key of ours is defaultAgent',
    ],
  },
  'both-sections': { refused: ['This file has channels.whatsapp too.'] },
  'own-with-other-sections': {
    tool: null,
    writers: { default: inAll('A') },
    settings: { default: { messagePrefix: '🤖 ', blockStreaming: true, responsePrefix: '[{model}] ' } },
  },
}
