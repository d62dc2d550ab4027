import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { OutgoingMedia } from '../../../src/simulator/phones/media/media-content.ts'
import type { RecordedMessage } from '../../../src/simulator/phones/records.ts'
import { mirrorAgent } from '../../support/mirror-agent.ts'
import { opusFile } from '../../support/opus-file.ts'
import { OWNER } from '../../support/stack.ts'
import { TranscriptionServer } from '../../support/transcription-server.ts'
import type { MEDIA_CHECKS } from './media-checks.ts'
import type { REPLY_CHECKS } from './reply-checks.ts'
import type { Scene } from './scene.ts'
import { sendsFile } from './sends-file.ts'
import type { VOICE_CHECKS } from './voice-checks.ts'

/** Of the settings of replies, those that change what a message says. */
type OfText = Extract<
  keyof typeof REPLY_CHECKS,
  'textChunkLimit' | 'chunkMode' | 'markdown' | 'redactOutgoing' | 'messagePrefix' | 'responsePrefix'
>

const PARAGRAPHS = `${'a '.repeat(20).trim()}\n\n${'b '.repeat(50).trim()}`
const TABLE = '| a | b |\n|---|--:|\n| 1 | 22 |'

/** What the group gets for a question to which this is the answer. */
async function said(scene: Scene, answer: string): Promise<string[]> {
  scene.say(answer)
  return (await scene.ask({ group: true, mention: true })).map(({ text }) => text)
}

type Fits = (message: RecordedMessage) => boolean

/** What the assistant of `mirror-agent.ts` was told; a notice of ours may stand before it. */
const toldIn: Fits = ({ text }) => text.startsWith('{')

/** The next message of the assistant, after Alice has sent this file to the group, that fits. */
async function sendFile(
  scene: Scene,
  media: OutgoingMedia,
  fits: Fits = () => true,
): Promise<RecordedMessage> {
  const { alice } = scene.stack
  const mark = alice.received.length
  await alice.sendMedia(scene.family, media, { mention: OWNER })
  return alice.waitForText(
    (message) => message.from === OWNER && alice.received.indexOf(message) >= mark && fits(message),
  )
}

const documentOf = (size: number): OutgoingMedia => ({
  kind: 'document',
  data: randomBytes(size),
  name: 'plan.bin',
})

function filesOf({ stack }: Scene): string[] {
  const directory = join(stack.stateDir, 'accounts', 'default', 'media')
  return existsSync(directory) ? readdirSync(directory).filter((name) => name !== '.gitignore') : []
}

/**
 * What a chat can hold depends on these settings; each is changed while everything runs, and seen in a group. One of them, or a new setting of
 * files or voice, that lacks a row does not compile.
 */
export const CONTENT_IN_GROUPS = {
  textChunkLimit: async (scene) => {
    expect(await said(scene, 'word '.repeat(30).trim())).toHaveLength(1)
    await scene.set({ textChunkLimit: 100 })
    expect(await said(scene, 'word '.repeat(30).trim())).toHaveLength(2)
  },
  chunkMode: async (scene) => {
    await scene.set({ textChunkLimit: 100, chunkMode: 'length' })
    expect((await said(scene, PARAGRAPHS)).map(({ length }) => length)).not.toEqual([39, 99])
    await scene.set({ textChunkLimit: 100, chunkMode: 'newline' })
    expect((await said(scene, PARAGRAPHS)).map(({ length }) => length)).toEqual([39, 99])
  },
  markdown: async (scene) => {
    expect(await said(scene, TABLE)).toEqual(['*a: 1*\n- b: 22'])
    await scene.set({ markdown: { tables: 'off' } })
    expect(await said(scene, TABLE)).toEqual([TABLE])
  },
  redactOutgoing: async (scene) => {
    const text = `It is in ${scene.stack.stateDir}/accounts.`
    expect(await said(scene, text)).toEqual(['It is in [removed]/accounts.'])
    await scene.set({ redactOutgoing: false })
    expect(await said(scene, text)).toEqual([text])
  },
  messagePrefix: async (scene) => {
    await scene.set({ messagePrefix: '🤖 ' })
    expect(await said(scene, 'yes')).toEqual(['🤖 yes'])
  },
  responsePrefix: async (scene) => {
    await scene.set({ responsePrefix: 'Ada: ' })
    expect(await said(scene, 'yes')).toEqual(['Ada: yes'])
  },
  mediaMaxMb: async (scene) => {
    const agent = mirrorAgent(scene.stack.directory)
    await scene.set({ ...agent, mediaMaxMb: 0.01 })
    expect((await sendFile(scene, documentOf(12_000), toldIn)).text).toContain('is larger than')
    expect(await sendsFile(scene, 12_000, { group: true })).toBe(false)
    await scene.set({ ...agent, mediaMaxMb: 0.02 })
    expect((await sendFile(scene, documentOf(12_000), toldIn)).text).toMatch(/"files":\["[0-9a-f]{64}"\]/)
    expect(await sendsFile(scene, 12_000, { group: true })).toBe(true)
  },
  media: async (scene) => {
    scene.say('the answer')
    await sendFile(scene, documentOf(2_000))
    expect(filesOf(scene).length).toBeGreaterThan(0)
    await scene.set({ media: { keepDays: 0.000_000_001 } })
    await expect.poll(() => filesOf(scene)).toHaveLength(0)
  },
  transcription: async (scene) => {
    const server = await TranscriptionServer.start()
    const voice = { kind: 'voice', data: opusFile({ seconds: 1 }), seconds: 1 } as const
    scene.say('the answer')
    try {
      await scene.set({ transcription: { baseUrl: server.baseUrl, model: 'whisper-1' } })
      expect((await sendFile(scene, voice)).text).toBe('the answer')
      expect(scene.told.text).toContain('"hello there"')
    } finally {
      await server.stop()
    }
  },
} satisfies Record<
  OfText | keyof typeof MEDIA_CHECKS | keyof typeof VOICE_CHECKS,
  (scene: Scene) => Promise<void>
>
