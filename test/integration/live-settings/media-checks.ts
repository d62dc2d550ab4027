import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { mirrorAgent } from '../../support/mirror-agent.ts'
import { OWNER } from '../../support/stack.ts'
import type { LiveCheck } from './check.ts'
import type { Scene } from './scene.ts'
import { sendsFile } from './sends-file.ts'

/** What the person gets who sends a document of so many bytes. */
const answerTo = async ({ stack: { alice } }: Scene, size: number): Promise<string | undefined> => {
  const mark = alice.received.length
  await alice.sendMedia(OWNER, { kind: 'document', data: randomBytes(size), name: 'plan.bin' })
  await alice.waitForText((message) => alice.received.indexOf(message) >= mark && message.from === OWNER)
  return alice.received[mark]?.text
}

const filesOf = ({ stack }: Scene): string[] => {
  const directory = join(stack.stateDir, 'accounts', 'default', 'media')
  return existsSync(directory) ? readdirSync(directory).filter((name) => name !== '.gitignore') : []
}

/** What becomes of files that people send. */
export const MEDIA_CHECKS = {
  mediaMaxMb: {
    async seen(scene) {
      expect(await answerTo(scene, 30_000)).toBe('the answer')
      await scene.set({ mediaMaxMb: 0.02 })
      expect(await answerTo(scene, 30_000)).toBe(
        'This file is too large for me. I can open files of up to 0.02 MB.',
      )
      await scene.set({ mediaMaxMb: 0.04 })
      expect(await answerTo(scene, 30_000)).toBe('the answer')
      const agent = mirrorAgent(scene.stack.directory)
      await scene.set({ ...agent, mediaMaxMb: 0.01 })
      expect(await sendsFile(scene, 12_000)).toBe(false)
      await scene.set({ ...agent, mediaMaxMb: 0.02 })
      expect(await sendsFile(scene, 12_000)).toBe(true)
    },
  },
  media: {
    members: ['keepDays', 'maxDiskMb'],
    async seen(scene) {
      await scene.set({ media: { maxDiskMb: 0.05 } })
      for (const size of [30_000, 31_000]) expect(await answerTo(scene, size)).toBe('the answer')
      // There is no room for both.
      await expect.poll(() => filesOf(scene)).toHaveLength(1)
      await scene.set({ media: { keepDays: 0.000_000_001 } })
      await expect.poll(() => filesOf(scene)).toHaveLength(0)
    },
  },
} satisfies Record<string, LiveCheck>
