/**
 * Every setting of every kind of agent is changed while everything runs, and its effect is seen at a phone, or by what answers. A
 * documented setting without a row fails the last test.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { z } from 'zod'
import { CONNECTORS } from '../../../../src/agents/registry.ts'
import { memberMeta } from '../../../../src/config/settings/setting.ts'
import type { LiveCheck } from '../check.ts'
import { Scene } from '../scene.ts'
import { ACP_CHECKS } from './acp-checks.ts'
import { CHAT_CHECKS } from './chat-checks.ts'
import { COMMAND_CHECKS } from './command-checks.ts'
import { SHARED_CHECKS } from './shared-checks.ts'
import { WEBHOOK_CHECKS } from './webhook-checks.ts'

/** By connector; what all of them share is shown once. */
const CHECKS: Readonly<Record<string, Readonly<Record<string, LiveCheck>>>> = {
  'of every agent': SHARED_CHECKS,
  'openai-chat': CHAT_CHECKS,
  webhook: WEBHOOK_CHECKS,
  command: COMMAND_CHECKS,
  acp: ACP_CHECKS,
  websocket: {
    waitSeconds: {
      shownBy: {
        file: 'attached-agent.test.ts',
        title: 'tells those who wait as soon as the config says, also while they wait',
      },
    },
  },
}

const ROWS = Object.entries(CHECKS).flatMap(([connector, checks]) =>
  Object.entries(checks).map(([key, check]) => ({ connector, key, check })),
)

describe('an edit of an agent has its effect at the next question', () => {
  let scene: Scene

  beforeAll(async () => {
    // Baileys' own libsignal prints the sessions that it replaces.
    for (const method of ['info', 'warn'] as const) vi.spyOn(console, method).mockReturnValue()
    scene = await Scene.start()
  })
  afterEach(async () => {
    scene.server.release()
    await scene.set({})
  })
  afterAll(async () => {
    vi.restoreAllMocks()
    await scene.stop()
  })

  it.each(ROWS.filter(({ check }) => 'seen' in check))('$connector: $key', async ({ check }) => {
    scene.say('the answer')
    if ('seen' in check) await check.seen(scene)
  })
})

describe('the list of checks', () => {
  it('has a row for each documented setting', () => {
    const missing = Object.entries(CONNECTORS).flatMap(([connector, { settings }]) =>
      // Every member of an object schema is a schema.
      Object.entries(settings.shape as Record<string, z.ZodType>)
        .filter(([, schema]) => memberMeta(schema) !== undefined)
        .map(([key]) => key)
        .filter((key) => key !== 'connector' && !(key in SHARED_CHECKS))
        .filter((key) => CHECKS[connector]?.[key] === undefined)
        .map((key) => `${connector}.${key}`),
    )
    expect(missing).toEqual([])
  })

  it('names tests that exist', () => {
    const missing = ROWS.filter(({ check }) => {
      if (!('shownBy' in check)) return false
      const path = join(import.meta.dirname, '../..', check.shownBy.file)
      return !existsSync(path) || !readFileSync(path, 'utf8').includes(check.shownBy.title)
    })
    expect(missing).toEqual([])
  })
})
