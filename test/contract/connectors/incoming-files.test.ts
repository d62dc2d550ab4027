import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Agent, TurnAttachment, TurnMessage } from '../../../src/agents/agent.ts'
import { createAgent } from '../../../src/agents/registry.ts'
import { SecretReader } from '../../../src/config/secrets/secret-reader.ts'
import { createLogger } from '../../../src/observability/log/logger.ts'
import { pngFile } from '../../support/media-files.ts'
import { turnMessageOf, turnOf } from '../../support/turn-of.ts'
import { wordsOf } from '../../support/words-of.ts'
import { FILE_READERS, type FileReader, type Way } from './file-readers.ts'

const BYTES = {
  picture: pngFile(30, 20),
  document: Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(70_000)]),
}

const KINDS = Object.entries(FILE_READERS).flatMap(([connector, kinds]) =>
  'never' in kinds
    ? []
    : Object.entries(kinds).map(([kind, reader]) => [`${connector}, ${kind}`, connector, reader] as const),
)

describe.each(KINDS)('what people send besides words, with the connector %s', (_title, connector, kind) => {
  let directory: string
  let reader: FileReader
  let agent: Agent

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'incoming-files-'))
    for (const [name, bytes] of Object.entries(BYTES)) writeFileSync(join(directory, name), bytes)
  })
  afterAll(() => rmSync(directory, { recursive: true }))
  beforeEach(async () => {
    reader = await kind.start()
    const env = { PATH: process.env['PATH'], HOME: directory }
    agent = createAgent(
      'ada',
      { connector, settings: reader.settings },
      {
        secrets: new SecretReader({ env, logger: createLogger({ level: 'silent' }) }),
        programs: { account: 'default', environment: env, stateDirectory: directory },
        ...reader.surroundings,
      },
    )
    await agent.start?.(new AbortController().signal)
  })
  afterEach(async () => {
    await agent.stop?.()
    await reader.stop()
  })

  const picture = (): TurnAttachment => file('image', 'photo', 'picture', 'image/png')
  const document = (): TurnAttachment => file('document', 'document', 'document', 'application/pdf')

  function file(
    attached: TurnAttachment['kind'],
    what: string,
    name: keyof typeof BYTES,
    mimeType: string,
  ): TurnAttachment {
    const size = BYTES[name].length
    return { kind: attached, what, name, mimeType, detectedType: mimeType, size, path: join(directory, name) }
  }

  async function ask(...messages: Partial<TurnMessage>[]): Promise<string> {
    const turn = turnOf({ messages: messages.map(turnMessageOf) })
    let said = ''
    for await (const part of agent.reply(turn, AbortSignal.timeout(10_000))) said += wordsOf(part)
    return said
  }

  it.each(Object.keys(kind.ways) as Way[])('arrives: a picture and a document, by %s', async (way) => {
    expect(await ask({ text: 'what is this?', attachments: [picture(), document()] })).not.toBe('')
    expect(reader.got().read[way]).toEqual(kind.ways[way]?.map((name) => BYTES[name]))
  })

  it('arrives: the files of what a message quotes', async () => {
    const quoted = { id: 'Q', text: null, what: 'photo', from: 'person' as const, attachments: [picture()] }
    await ask({ text: 'and this one?', quoted })
    const [way = 'path'] = Object.keys(kind.ways) as Way[]
    expect(reader.got().read[way]).toEqual([BYTES.picture])
  })

  it('arrives: why there is no file, what a machine heard, and what a message holds in fields', async () => {
    const details: TurnMessage['details'] = [
      {
        type: 'contact',
        name: 'Bob of the bakery',
        phoneNumbers: ['+15550001111'],
        emails: [],
        organisation: null,
      },
    ]
    const problem = 'The file is larger than 50 MB.'
    const heard: TurnAttachment = {
      ...file('audio', 'voice message, 2 seconds', 'document', 'audio/ogg'),
      path: null,
      transcript: { text: 'good morning' },
    }
    await ask(
      { text: '[document]', attachments: [{ ...document(), path: null, problem }] },
      {
        text: '[voice message, 2 seconds]\n[transcribed by a machine] "good morning"',
        attachments: [heard],
      },
      { text: '[contact] Bob of the bakery, +15550001111', details },
    )
    const { told, read } = reader.got()
    for (const text of [problem, 'good morning', 'Bob of the bakery', '+15550001111'])
      expect(told).toContain(text)
    expect(Object.values(read).flat()).toEqual([])
    if (kind.hasFields) {
      expect(JSON.parse(told)).toMatchObject({
        messages: [
          { attachments: [{ path: null, problem }] },
          { attachments: [{ transcript: { text: 'good morning' } }] },
          { details },
        ],
      })
    } else expect(told).toContain('written down by a machine')
  })
})
