import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { LiveCheck } from '../check.ts'
import type { Scene } from '../scene.ts'

const PROGRAM = join(import.meta.dirname, 'telling-program.mjs')

/** What the phone reads of a program with these settings. */
async function ask(scene: Scene, settings: Record<string, unknown> = {}): Promise<string> {
  const tool = { connector: 'command', program: process.execPath, args: [PROGRAM, 'hello'], ...settings }
  // It says where it works.
  await scene.set({ agents: { tool }, defaultAgent: 'tool', redactOutgoing: false })
  return (await scene.ask()).map(({ text }) => text).join('\n')
}

const processOf = (text: string): string => /process (\d+)/.exec(text)?.[1] ?? text

/** What the program of `command` is started with. */
export const COMMAND_CHECKS = {
  program: {
    async seen(scene) {
      expect(await ask(scene, { program: '/nonexistent/program' })).not.toContain('hello')
      expect(await ask(scene)).toContain('hello')
    },
  },
  args: {
    async seen(scene) {
      expect(await ask(scene, { args: [PROGRAM, 'goodbye'] })).toContain('goodbye')
    },
  },
  environment: {
    async seen(scene) {
      for (const COLOUR of ['red', 'blue'])
        expect(await ask(scene, { environment: { COLOUR } })).toContain(`colour ${COLOUR}`)
    },
  },
  workingDirectory: {
    async seen(scene) {
      const workingDirectory = realpathSync(mkdtempSync(join(tmpdir(), 'whatsappd-tool-')))
      expect(await ask(scene)).not.toContain(workingDirectory)
      expect(await ask(scene, { workingDirectory })).toContain(workingDirectory)
      rmSync(workingDirectory, { recursive: true })
    },
  },
  mode: {
    async seen(scene) {
      const first = processOf(await ask(scene))
      expect(processOf(await ask(scene))).not.toBe(first)
      const stays = { mode: 'stay', args: [PROGRAM, 'hello', 'lines'] }
      const staying = processOf(await ask(scene, stays))
      expect(processOf(await ask(scene, stays))).toBe(staying)
    },
  },
  output: {
    async seen(scene) {
      const args = [PROGRAM, 'hello', 'lines']
      expect(await ask(scene, { args, output: 'text' })).toContain('"type":"done"')
      expect(await ask(scene, { args, output: 'jsonl' })).not.toContain('"type"')
    },
  },
  textFormat: {
    async seen(scene) {
      expect(await ask(scene, { textFormat: 'plain' })).toMatch(/^\*\*hello\*\*/)
      expect(await ask(scene, { textFormat: 'markdown' })).toMatch(/^\*hello\*/)
    },
  },
} satisfies Record<string, LiveCheck>
