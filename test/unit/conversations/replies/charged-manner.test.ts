import { expect, it } from 'vitest'
import type { AccountConfig } from '../../../../src/config/model.ts'
import { withMannerOf } from '../../../../src/conversations/replies/charged-manner.ts'
import { accountConfig } from '../../../support/account-config.ts'
import { CAPABILITIES } from '../../../support/memory-transport.ts'
import { ALICE, Desk } from '../desk.ts'

const PARAGRAPHS = Array.from({ length: 3 }, (_each, index) => `${index} ${'word '.repeat(250)}`.trim())
const settings = (more: Partial<AccountConfig> = {}) => {
  const config = { ...accountConfig([ALICE]), ...more }
  const { blockStreaming, textChunkLimit, chunkMode } = withMannerOf(() => config, CAPABILITIES.server)()
  return { blockStreaming, textChunkLimit, chunkMode }
}

it('makes one message of an answer where messages may cost, and only what the file does not say otherwise', () => {
  expect(settings()).toEqual({ blockStreaming: true, textChunkLimit: 4_096, chunkMode: 'length' })
  const chosen = ['blockStreaming', 'textChunkLimit', 'chunkMode'] as const
  const own = { blockStreaming: false, textChunkLimit: 500, chunkMode: 'newline' as const }
  expect(settings({ ...own, chosen })).toEqual(own)
  expect(settings({ ...own, chosen: ['textChunkLimit'] })).toEqual({
    blockStreaming: true,
    textChunkLimit: 500,
    chunkMode: 'length',
  })
  expect(settings({ textChunkLimit: 60_000, chosen }).textChunkLimit).toBe(4_096)
})

it('changes nothing where messages cost nothing', () => {
  const config = accountConfig([ALICE])
  expect(withMannerOf(() => config, CAPABILITIES.linkedDevice)()).toBe(config)
})

it('sends an answer of several paragraphs as one message, and a longer one as few as possible', async () => {
  const desk = new Desk({}, undefined, null, CAPABILITIES.server)
  desk.agent = {
    async *reply() {
      for (const paragraph of PARAGRAPHS) yield { type: 'delta', text: `${paragraph}\n\n` }
    },
  }
  desk.conversations.start()
  desk.receive(ALICE, 'tell me')
  await desk.until(() => desk.named('message.sent').length > 0)
  await desk.settle()
  expect(desk.transport.texts()).toEqual([PARAGRAPHS.join('\n\n')])
  desk.agent = {
    async *reply() {
      yield { type: 'delta', text: [...PARAGRAPHS, ...PARAGRAPHS].join('\n\n') }
    },
  }
  desk.receive(ALICE, 'more')
  await desk.until(() => desk.named('message.sent').length === 3)
  await desk.settle()
  expect(desk.transport.texts()).toHaveLength(3)
})

it('lets messages go as fast as WhatsApp takes them, where it says so itself and the file sets no rate', () => {
  const standard = { perMinute: 30, perHour: 300, firstContactsPerDay: 20 }
  const config: AccountConfig = { ...accountConfig([]), pace: standard }
  const paceOf = (written: AccountConfig, name: keyof typeof CAPABILITIES): AccountConfig['pace'] =>
    withMannerOf(() => written, CAPABILITIES[name])().pace
  expect(paceOf(config, 'server').perMinute).toBeGreaterThanOrEqual(80 * 60)
  expect(paceOf(config, 'server').perHour).toBeGreaterThanOrEqual(80 * 3_600)
  // How many new people may be written to is no rate.
  expect(paceOf(config, 'server').firstContactsPerDay).toBe(20)
  expect(paceOf({ ...config, chosen: ['pace'] }, 'server')).toEqual(standard)
  expect(paceOf(config, 'linkedDevice')).toEqual(standard)
})
