import { execFileSync } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AudioConverter } from '../../../src/agents/audio/audio-converter.ts'
import { PooledAgent } from '../../../src/agents/pooled-agent.ts'
import { createAgent } from '../../../src/agents/registry.ts'
import { SecretReader } from '../../../src/config/secrets/secret-reader.ts'
import { SENTENCES } from '../../../src/conversations/notices/sentences.ts'
import type { OutgoingPart } from '../../../src/messaging/outgoing-message.ts'
import { createLogger } from '../../../src/observability/log/logger.ts'
import { pngFile } from '../../support/media-files.ts'
import { opusFile } from '../../support/opus-file.ts'
import { ALICE, Desk } from '../../unit/conversations/desk.ts'
import { ITEM_SENDERS, type ItemKind, type ItemSender, type Step } from './item-senders.ts'

const FILES = {
  image: { name: 'a.png', mimeType: 'image/png', bytes: pngFile(40, 30) },
  voice: { name: 'a.ogg', mimeType: 'audio/ogg', bytes: opusFile({ seconds: 1 }) },
  audio: { name: 'b.ogg', mimeType: 'audio/ogg', bytes: opusFile({ seconds: 1, channels: 2 }) },
  video: {
    name: 'a.mp4',
    mimeType: 'video/mp4',
    bytes: Buffer.concat([Buffer.from('00000018667479706d703432', 'hex'), Buffer.alloc(40)]),
  },
  document: {
    name: 'a.pdf',
    mimeType: 'application/pdf',
    bytes: Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(150_000)]),
  },
  sticker: {
    name: 'a.webp',
    mimeType: 'image/webp',
    bytes: Buffer.from('UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAwA0JaQAA3AA/vuUAAA=', 'base64'),
  },
}

type FileKind = keyof typeof FILES
const isFile = (kind: ItemKind): kind is FileKind => kind in FILES

const SAID: Readonly<Record<Exclude<ItemKind, FileKind>, Step>> = {
  location: { type: 'location', latitude: 48.2, longitude: 16.37, name: 'Vienna' },
  contact: { type: 'contact', name: 'Bob', phoneNumbers: ['+15550000009'] },
  poll: { type: 'poll', question: 'Tea?', options: ['Yes', 'No'] },
  reaction: { type: 'reaction', emoji: '👍' },
  quote: { type: 'quote', messageId: 'IN1' },
  'contact field': { type: 'contact_field', name: 'email', value: 'a@example.com' },
}

function stepOf(kind: ItemKind): Step {
  if (!isFile(kind)) return SAID[kind]
  const { bytes, ...about } = FILES[kind]
  return { type: 'media', kind, data: bytes.toString('base64'), ...about }
}

/** What went out, in comparable form: files by their kind and bytes. */
function shown(part: OutgoingPart): unknown {
  if (part.kind === 'text') return part.text
  return part.kind === 'file' ? { kind: part.file.kind, bytes: readFileSync(part.file.path) } : part.kind
}

const expected = (kind: ItemKind): unknown => (isFile(kind) ? { kind, bytes: FILES[kind].bytes } : kind)

const KINDS = Object.entries(ITEM_SENDERS).flatMap(([connector, kinds]) =>
  'never' in kinds
    ? []
    : Object.entries(kinds).map(([kind, sender]) => [`${connector}, ${kind}`, connector, sender] as const),
)

describe.each(KINDS)('an answer of %s', (_title, connector, kind) => {
  let directory: string
  let sender: ItemSender
  let pooled: PooledAgent

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'outgoing-items-'))
    for (const { name, bytes } of Object.values(FILES)) writeFileSync(join(directory, name), bytes)
    symlinkSync('/etc/passwd', join(directory, 'link'))
    execFileSync('mkfifo', [join(directory, 'pipe')])
    sender = await kind.start(directory)
    const env = { PATH: process.env['PATH'], HOME: directory }
    const logger = createLogger({ level: 'silent' })
    const agent = createAgent(
      'ada',
      { connector, settings: sender.settings },
      {
        secrets: new SecretReader({ env, logger }),
        programs: { account: 'default', environment: env, stateDirectory: join(directory, 'state') },
        ...sender.surroundings,
      },
    )
    pooled = new PooledAgent({ id: 'ada', agent, logger })
    pooled.start()
  })
  afterAll(async () => {
    await pooled.stop()
    await sender.stop()
    rmSync(directory, { recursive: true })
  })

  /** What of an answer of these steps goes out, and what the operator reads. */
  async function send(steps: readonly Step[]): Promise<{ desk: Desk; sent: unknown[]; logged: string[] }> {
    const logged: string[] = []
    const logger = pino({ level: 'warn' }, { write: (line: string) => void logged.push(line) })
    const desk = new Desk({}, logger)
    const converter = new AudioConverter({ environment: { PATH: '/nowhere' } })
    desk.toVoice = (source, target, signal) => converter.toVoice(source, target, signal)
    desk.agent = {
      textFormat: 'markdown',
      openFile: (path) => pooled.openFile(path),
      reply: (turn, signal) => pooled.reply({ ...turn, id: randomUUID() }, signal),
    }
    sender.answer(steps)
    desk.conversations.start()
    desk.receive(ALICE, 'go on')
    await desk.until(() => desk.named('agent.turnFinished').length === 1)
    await desk.until(() => desk.named('message.sent').length === desk.named('message.queued').length)
    return { desk, sent: desk.transport.sent.map(({ part }) => shown(part)), logged }
  }

  const before: Step = { type: 'delta', text: 'Before.' }
  const after: Step = { type: 'delta', text: 'After.' }
  // A table whose keys are the kinds.
  const kinds = (Object.keys(kind.items) as ItemKind[]).filter((item) => kind.items[item] === 'shown')

  it.each(kinds)('shows, whole and between its words: %s', async (item) => {
    const { desk, sent, logged } = await send([before, stepOf(item), after])
    const hasMessage = item !== 'reaction' && item !== 'quote' && item !== 'contact field'
    expect(sent).toEqual(['Before.', ...(hasMessage ? [expected(item)] : []), 'After.'])
    if (item === 'quote') expect(desk.transport.sent.at(-1)?.quote?.message.id).toBe('IN1')
    const known = desk.conversations.admin.get(ALICE).fields.map(({ name, value }) => ({ name, value }))
    expect(known).toEqual(item === 'contact field' ? [{ name: 'email', value: 'a@example.com' }] : [])
    if (item === 'reaction') {
      expect(desk.transport.reactions.map(({ reaction }) => reaction.emoji)).toEqual(['👍'])
      const done = desk.transport.log.filter(({ what }) => what === 'send' || what === 'react')
      expect(done.map(({ what }) => what)).toEqual(['send', 'react', 'send'])
    }
    expect(logged).toEqual([])
  })

  if (kind.hasDirectory)
    it('names a file by its path', async () => {
      const path = connector === 'acp' ? join(directory, 'a.pdf') : 'a.pdf'
      const { sent } = await send([before, { type: 'media', kind: 'document', path, name: 'plan.pdf' }])
      expect(sent).toEqual(['Before.', expected('document')])
    })

  const media = (more: Step): Step => ({ type: 'media', kind: 'document', name: 'x', ...more })
  const large = Buffer.alloc(16 * 1_024 * 1_024 + 3).toString('base64')
  const hostile: readonly [what: string, steps: readonly Step[]][] = [
    ['a path outside', [media({ path: '/etc/passwd' })]],
    ['a path that climbs', [media({ path: '../../../../etc/passwd' })]],
    ['a link that leads outside', [media({ path: 'link' })]],
    ['a pipe that nobody writes to', [media({ path: 'pipe' })]],
    ['too much in base64', [media({ kind: 'image', data: large })]],
    ['content of another type', [media({ kind: 'image', data: 7 })]],
    ['half a file', [media({ kind: 'image', data: '' })]],
    ['a kind that is not known', [media({ kind: 'hologram', data: 'AAAA' })]],
    ['a place that is none', [{ type: 'location', latitude: 'NaN', longitude: 1e9 }]],
    ['a contact without numbers', [{ type: 'contact', name: {}, phoneNumbers: 'none' }]],
    ['a poll of one option', [{ type: 'poll', question: 'Tea?', options: ['yes'] }]],
  ]
  const isJson = connector === 'command' || connector === 'webhook'

  /** Which of them this connector can say at all. */
  const canSay = ([what, [step]]: (typeof hostile)[number]): boolean => {
    if (isJson) return true
    if (connector === 'openai-chat') return what === 'content of another type' || what === 'half a file'
    const isPath = step?.['path'] !== undefined
    if (connector === 'acp') return isPath || step?.['kind'] === 'image'
    return isPath || what.startsWith('too much')
  }

  it.each(hostile.filter(canSay))(
    'with %s: one line in the log, and the words arrive',
    async (_what, steps) => {
      const { sent, logged } = await send([before, ...steps, after])
      expect(sent).toEqual(['Before.', SENTENCES.fileNotSent, 'After.'])
      expect(logged).toHaveLength(1)
      expect(logged[0]).toContain('something of an answer could not be sent')
      expect(logged[0]).not.toMatch(/passwd|hologram|link"|pipe"/)
      // It is the same agent, and answers.
      expect((await send([before])).sent).toEqual(['Before.'])
    },
  )

  if (isJson || connector === 'websocket')
    it('with a contact field that cannot be set has its words, and nobody in the chat hears of it', async () => {
      for (const field of [{ name: 'colour', value: 'blue' }, { name: 'email', value: 7 }, { name: '' }]) {
        const { desk, sent, logged } = await send([before, { type: 'contact_field', ...field }, after])
        // Where each step is a call of its own, one that is refused stands between no words.
        expect(sent.join('')).toBe('Before.After.')
        expect(desk.conversations.admin.get(ALICE).fields).toEqual([])
        if (isJson) expect(logged).toHaveLength(1)
        expect(logged.join()).not.toContain('blue')
      }
    })

  if (isJson || connector === 'websocket')
    it('that ends in the middle of a file, or says what nobody knows, has its words', async () => {
      const half = await send([before, { type: 'data', data: 'AAAA' }])
      expect(half.sent).toEqual(['Before.', SENTENCES.fileNotSent])
      expect(half.logged).toHaveLength(1)
      const unknown = await send([
        before,
        { type: 'hologram', data: 'AAAA' },
        { type: 'delta', text: ' After.' },
      ])
      expect(unknown.sent).toEqual(['Before. After.'])
      expect(unknown.logged).toEqual([])
    })

  if (isJson)
    it('is over at its end: a file behind it is not sent', async () => {
      const { sent } = await send([before, { type: 'done' }, stepOf('image')])
      expect(sent).toEqual(['Before.'])
    })
})
