import { expect, it } from 'vitest'
import { channelSection } from '../../../../../src/config/read/channel-section.ts'
import { fileTool } from '../../../../../src/config/read/foreign/file-tool.ts'

const toolOf = (value: Record<string, unknown>) => fileTool({ value }, channelSection({ value }))
const inChannels = (section: object, more: object = {}) => ({ channels: { whatsapp: section }, ...more })

it.each([
  ['an empty file', {}, null],
  ['our own', inChannels({ allowFrom: [] }, { whatsappd: { listen: {} } }), null],
  [
    'other tools beside us',
    inChannels({}, { tools: { x: 1 }, agents: 3, messages: 'none', plugins: [] }),
    null,
  ],
  ['its gateway', inChannels({}, { gateway: { port: 18789 } }), 'openclaw'],
  ['a gateway from another file', inChannels({}, { gateway: { $include: './gateway.json5' } }), 'openclaw'],
  ['another gateway', inChannels({}, { gateway: { url: 'https://x.example' } }), null],
  ['its list of agents', inChannels({}, { agents: { list: [] } }), 'openclaw'],
  ['its agents by name', inChannels({}, { agents: { entries: {} } }), 'openclaw'],
  ['its messages', inChannels({}, { messages: { ackReaction: '👀' } }), 'openclaw'],
  ['its defaults of channels', { channels: { defaults: {}, whatsapp: {} } }, 'openclaw'],
  ['its mark of the last version', inChannels({}, { meta: { lastTouchedVersion: '2026.9.6' } }), 'openclaw'],
  ['a key of its section', inChannels({ defaultTo: '+15555550101' }), 'openclaw'],
  ['its object for what is a list of ours', inChannels({ mentionPatterns: { mode: 'deny' } }), 'openclaw'],
  [
    'keys that are ours too',
    inChannels({ streaming: {}, replyToMode: 'first', direct: {}, mentionPatterns: ['Ada'] }),
    null,
  ],
  ['a key of one of its accounts', inChannels({ accounts: { a: { reactionLevel: 'ack' } } }), 'openclaw'],
  ['the section of Milady', { connectors: { whatsapp: {} }, gateway: { port: 1 } }, 'milady'],
  ['connectors without a section', { connectors: { discord: {} } }, null],
  ["ElizaOS's transport", { connectors: { whatsapp: { transport: 'baileys' } } }, 'elizaos'],
  [
    "ElizaOS's transport of an account",
    inChannels({ accounts: { a: { transport: 'cloudapi' } } }),
    'elizaos',
  ],
  ["ElizaOS's skills", inChannels({ groups: { '*': { skills: [] } } }), 'elizaos'],
  ['a section that is none', { channels: { whatsapp: [] } }, null],
])('%s', (_what, value, tool) => {
  expect(toolOf(value)).toBe(tool)
})
