import { expect } from 'vitest'
import type { OutgoingMedia } from '../../../../src/simulator/phones/media/media-content.ts'
import { AgentServer } from '../../../support/agent-server.ts'
import { pngFile } from '../../../support/media-files.ts'
import { OWNER } from '../../../support/stack.ts'
import { wavFile } from '../../../support/wav-file.ts'
import type { LiveCheck } from '../check.ts'
import type { Scene } from '../scene.ts'
import { setAda } from './shared-checks.ts'

/** What the server gets beside the text when Alice sends this. */
async function filesAfter(scene: Scene, media: OutgoingMedia): Promise<{ type: string }[]> {
  const { alice } = scene.stack
  const mark = alice.received.length
  await alice.sendMedia(OWNER, media)
  await alice.waitForText(
    (message) => message.text === 'the answer' && alice.received.indexOf(message) >= mark,
  )
  return scene.server.asked.at(-1)?.files ?? []
}

/** What the server of `openai-chat` sees of its settings. */
export const CHAT_CHECKS = {
  baseUrl: {
    async seen(scene) {
      const other = await AgentServer.start()
      other.answer = 'from another server'
      await setAda(scene, { baseUrl: `http://127.0.0.1:${other.port}/v1` })
      expect((await scene.ask()).map(({ text }) => text)).toEqual(['from another server'])
      await other.stop()
    },
  },
  model: {
    async seen(scene) {
      await setAda(scene, { model: 'grace' })
      await scene.ask()
      expect(scene.told.model).toBe('grace')
    },
  },
  apiKey: {
    async seen(scene) {
      for (const apiKey of ['sk-one', 'sk-two']) {
        await setAda(scene, { apiKey })
        await scene.ask()
        expect(scene.server.asked.at(-1)?.headers).toMatchObject({ authorization: `Bearer ${apiKey}` })
      }
    },
  },
  headers: {
    async seen(scene) {
      await setAda(scene, { headers: { 'X-Room': 'kitchen' } })
      await scene.ask()
      expect(scene.server.asked.at(-1)?.headers).toMatchObject({ 'x-room': 'kitchen' })
      await setAda(scene, {})
      await scene.ask()
      expect(scene.server.asked.at(-1)?.headers).not.toHaveProperty('x-room')
    },
  },
  sessionMode: {
    async seen(scene) {
      const earlier = scene.question()
      await scene.ask({ text: earlier })
      await setAda(scene, { sessionMode: 'server' })
      await scene.ask()
      await scene.ask()
      expect(scene.told.text).not.toContain(earlier)
      await setAda(scene, { sessionMode: 'stateless' })
      await scene.ask()
      expect(scene.told.text).toContain(earlier)
    },
  },
  images: {
    async seen(scene) {
      const picture = pngFile(20, 20)
      const photo = { kind: 'image', data: picture, caption: 'what is this?' } as const
      await setAda(scene, {})
      const url = `data:image/png;base64,${picture.toString('base64')}`
      expect(await filesAfter(scene, photo)).toEqual([{ type: 'image_url', image_url: { url } }])
      await setAda(scene, { images: false })
      expect(await filesAfter(scene, photo)).toEqual([])
    },
  },
  files: {
    async seen(scene) {
      const data = Buffer.from('%PDF-1.7 of a plan')
      const plan = { kind: 'document', data, name: 'plan.pdf', caption: 'read it' } as const
      await setAda(scene, {})
      expect(await filesAfter(scene, plan)).toEqual([])
      await setAda(scene, { files: true })
      const file_data = `data:application/pdf;base64,${data.toString('base64')}`
      expect(await filesAfter(scene, plan)).toEqual([
        { type: 'file', file: { filename: 'plan.pdf', file_data } },
      ])
    },
  },
  audio: {
    async seen(scene) {
      const sound = wavFile(1)
      const song = { kind: 'audio', data: sound, mimeType: 'audio/wav', seconds: 1 } as const
      await setAda(scene, {})
      const { asked } = scene.server
      const { alice } = scene.stack
      const [mark, received] = [asked.length, alice.received.length]
      await alice.sendMedia(OWNER, song)
      await alice.sendText(OWNER, 'and in words?')
      await alice.waitForText(({ text }) => text === 'the answer' && alice.received.length > received + 1)
      expect(asked.slice(mark).flatMap(({ files }) => files)).toEqual([])
      await setAda(scene, { audio: true })
      const input_audio = { data: sound.toString('base64'), format: 'wav' }
      expect(await filesAfter(scene, song)).toEqual([{ type: 'input_audio', input_audio }])
    },
  },
  systemPrompt: {
    async seen(scene) {
      await setAda(scene, { systemPrompt: 'Be brief.' })
      await scene.ask()
      expect(scene.told.system).toBe('Be brief.')
    },
  },
} satisfies Record<string, LiveCheck>
