import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { OutgoingMedia } from '../../src/simulator/phones/media/media-content.ts'
import { pngFile } from '../support/media-files.ts'
import { ScriptedAcp } from '../support/scripted-acp.ts'
import { OWNER, Stack } from '../support/stack.ts'

const PICTURE = pngFile(20, 20)
const PLAN = Buffer.from('%PDF-1.7 of a plan')

describe('files that people send to an agent of the Agent Client Protocol', () => {
  let agents: ScriptedAcp
  let stack: Stack

  beforeEach(() => {
    agents = new ScriptedAcp()
  })
  afterEach(async () => {
    await stack.stop()
    agents.remove()
  })

  async function start(abilities: Record<string, unknown>): Promise<void> {
    const ada = { connector: 'acp', ...agents.settings({ abilities }), environment: {} }
    stack = await Stack.start({
      env: { PATH: process.env['PATH'], HOME: agents.directory },
      channel: { agents: { ada } },
    })
    await stack.link()
  }

  /** The blocks of the prompt behind its text, when the agent has answered. */
  async function blocksOf(media: OutgoingMedia & { caption: string }): Promise<Record<string, unknown>[]> {
    await stack.alice.sendMedia(OWNER, media)
    await stack.alice.waitForText(({ text }) => text.startsWith('You said: ') && text.endsWith(media.caption))
    const { prompt } = agents.calls('session/prompt').at(-1) ?? {}
    // Written by the connector, as the protocol has it.
    return (prompt as Record<string, unknown>[]).slice(1)
  }

  it('are named by their place, with the bytes that were sent', async () => {
    await start({})
    const [link, ...more] = await blocksOf({
      kind: 'document',
      data: PLAN,
      name: 'plan.pdf',
      caption: 'read it',
    })
    expect(more).toEqual([])
    expect(link).toMatchObject({
      type: 'resource_link',
      name: 'plan.pdf',
      mimeType: 'application/pdf',
      size: PLAN.length,
    })
    expect(readFileSync(fileURLToPath(String(link?.['uri'])))).toEqual(PLAN)
  })

  it('are pictures inside of the prompt where the agent takes them, and links where it does not', async () => {
    const photo = { kind: 'image', data: PICTURE, caption: 'what is this?' } as const
    await start({ promptCapabilities: { image: true } })
    const data = PICTURE.toString('base64')
    expect(await blocksOf(photo)).toEqual([{ type: 'image', data, mimeType: 'image/png' }])
    await stack.stop()
    await start({})
    expect(await blocksOf(photo)).toMatchObject([{ type: 'resource_link', mimeType: 'image/png' }])
  })
})
