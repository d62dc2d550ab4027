import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { pngFile } from '../support/media-files.ts'
import { describeRealAgents } from '../support/real-agents.ts'
import { OWNER, Stack } from '../support/stack.ts'

/** What is used of the model server. */
interface ModelServer {
  url: string
  start(): Promise<unknown>
  stop(): Promise<unknown>
  on(match: { predicate: (request: unknown) => boolean }, answer: Record<string, unknown>): unknown
}

/** A program that loads for seconds, on a machine that may be busy. */
const SLOW_MS = 90_000
const DELETE = { command: 'rm notes.txt', description: 'Deletes the notes', is_background: false }

describeRealAgents('Qwen Code, behind a number, with a model server that others wrote', (packages) => {
  let models: ModelServer
  /** What the model was asked, oldest first. */
  let asked: string[]
  let home: string
  let stack: Stack

  beforeEach(async () => {
    // The types of the package are not installed with ours.
    const { LLMock } = packages.require('@copilotkit/aimock') as {
      LLMock: new (options: { port: number }) => ModelServer
    }
    models = new LLMock({ port: 0 })
    asked = []
    await models.start()
    home = mkdtempSync(join(tmpdir(), 'whatsappd-qwen-'))
  })
  afterEach(async () => {
    await stack.stop()
    await models.stop()
    rmSync(home, { recursive: true, force: true })
  })

  async function start(settings: Record<string, unknown> = {}): Promise<void> {
    const qwen = {
      connector: 'acp',
      program: process.execPath,
      args: [join(packages.directory, 'node_modules/@qwen-code/qwen-code/cli.js'), '--acp'],
      environment: {
        HOME: home,
        OPENAI_API_KEY: 'none',
        OPENAI_BASE_URL: `${models.url}/v1`,
        OPENAI_MODEL: 'gpt-4o',
      },
      workingDirectory: home,
      ...settings,
    }
    stack = await Stack.start({ env: { PATH: process.env['PATH'] }, channel: { agents: { qwen } } })
    await stack.link()
  }

  /** The first that fits a request is the answer. */
  function says(answer: Record<string, unknown>, fits: (request: string) => boolean = () => true): void {
    const predicate = (request: unknown): boolean => {
      const text = JSON.stringify(request)
      if (fits(text)) asked.push(text)
      return fits(text)
    }
    models.on({ predicate }, answer)
  }

  it(
    'answers in its session, also after a restart of the daemon',
    async () => {
      says({ content: 'Hello from **the model**.' })
      await start()
      await stack.alice.sendText(OWNER, 'my name is Alice of Wonderland')
      await stack.alice.waitForText(({ text }) => text === 'Hello from *the model*.', SLOW_MS)
      expect(asked.at(-1)?.includes('my name is Alice of Wonderland')).toBe(true)
      await stack.stopDaemon()
      await stack.startDaemon()
      await stack.untilState('connected')
      await stack.alice.sendText(OWNER, 'who am I?')
      await expect.poll(() => stack.alice.received.length, { timeout: SLOW_MS }).toBe(2)
      const last = asked.at(-1) ?? ''
      expect(last).toContain('who am I?')
      // Its own memory, and not a history that was told again.
      expect(last).toContain('my name is Alice of Wonderland')
      expect(last).not.toContain('what was said here before')
    },
    SLOW_MS * 2,
  )

  it(
    'takes our block of a picture, and the place of a document',
    async () => {
      says({ content: 'I see.' })
      await start()
      const { alice } = stack
      await alice.sendMedia(OWNER, { kind: 'image', data: pngFile(20, 10), caption: 'what is this?' })
      await alice.waitForText('I see.', SLOW_MS)
      // It knows that this model takes none, and tells it what it was given.
      const told = asked.find((each) => each.includes('what is this?'))
      expect(told?.includes('Unsupported image file: \\"image/png')).toBe(true)
      const plan = { kind: 'document', data: Buffer.from('%PDF-1.7 of a plan'), name: 'plan.pdf' } as const
      await alice.sendMedia(OWNER, { ...plan, caption: 'read it' })
      await expect.poll(() => alice.received.length, { timeout: SLOW_MS }).toBe(2)
      const last = asked.find((each) => each.includes('read it')) ?? ''
      // In the facts, and by the link.
      expect(last.match(/media\/[0-9a-f]+\.pdf/g)?.length).toBeGreaterThan(1)
    },
    SLOW_MS * 2,
  )

  it.each([
    { permissions: 'reject', isThere: true },
    { permissions: { allow: ['execute'] }, isThere: false },
  ])(
    'uses its own tool by our permissions: $permissions',
    async ({ permissions, isThere }) => {
      says({ content: 'It is done.' }, (request) => request.includes('"role":"tool"'))
      says({ toolCalls: [{ name: 'run_shell_command', arguments: JSON.stringify(DELETE) }] })
      await start({ permissions })
      writeFileSync(join(home, 'notes.txt'), 'notes')
      await stack.alice.sendText(OWNER, 'delete my notes')
      await stack.untilEvent('agent.turnFinished', () => true, SLOW_MS)
      expect(asked[0]?.includes('delete my notes')).toBe(true)
      expect(existsSync(join(home, 'notes.txt'))).toBe(isThere)
    },
    SLOW_MS,
  )
})
