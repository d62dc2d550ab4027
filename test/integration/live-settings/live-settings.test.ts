/**
 * Every setting of an account is changed while everything runs, and its effect is seen at a phone. A setting that is declared and has no
 * row here does not compile; a key inside of one that no row names fails the last test.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { accountSettings } from '../../../src/config/settings/account-settings.ts'
import { memberMeta, metaOf } from '../../../src/config/settings/setting.ts'
import type { LiveCheck } from './check.ts'
import { GROUP_CHECKS } from './group-checks.ts'
import { PEOPLE_CHECKS } from './people-checks.ts'
import { REPLY_CHECKS } from './reply-checks.ts'
import { Scene } from './scene.ts'
import { STREAM_CHECKS } from './stream-checks.ts'

/** Without an effect yet: a row for one of them is not asked for. */
type WithoutEffect = 'mediaMaxMb' | 'takeover' | 'webhooks' | 'cloudApi'

const OTHER_CHECKS = {
  // No phone shows it.
  name: {
    async seen(scene) {
      await scene.set({ name: 'The shop' })
      expect(scene.stack.account().name).toBe('The shop')
    },
  },
  configWrites: { shownBy: { file: 'config-edits.test.ts', title: 'is refused when configWrites is false' } },
  importExisting: {
    shownBy: { file: 'import.test.ts', title: 'is taken over at the start where the owner has said so' },
  },
  authDir: {
    shownBy: {
      file: 'config-needs-restart.test.ts',
      title: 'a setting that counts from the next start is reported by event and config.get until then',
    },
  },
  transport: {
    shownBy: {
      file: 'config-needs-restart.test.ts',
      title: 'a setting that counts from the next start is reported by event and config.get until then',
    },
  },
} satisfies Record<string, LiveCheck>

const CHECKS: Readonly<Record<Exclude<keyof typeof accountSettings, WithoutEffect>, LiveCheck>> = {
  ...PEOPLE_CHECKS,
  ...GROUP_CHECKS,
  ...REPLY_CHECKS,
  ...STREAM_CHECKS,
  ...OTHER_CHECKS,
}

describe('an edit of a setting has its effect at the phone', () => {
  let scene: Scene

  beforeAll(async () => {
    // Baileys' own libsignal prints the sessions that it replaces.
    for (const method of ['info', 'warn'] as const) vi.spyOn(console, method).mockReturnValue()
    scene = await Scene.start()
  })
  afterEach(async () => {
    scene.server.release()
    scene.say('the answer')
    await scene.set({})
  })
  afterAll(async () => {
    vi.restoreAllMocks()
    await scene.stop()
  })

  const seen = Object.entries(CHECKS).flatMap(([key, check]) =>
    'seen' in check ? [[key, check.seen] as const] : [],
  )
  it.each(seen)('%s', async (_key, check) => {
    scene.say('the answer')
    await check(scene)
  })
})

describe('the list of checks', () => {
  it('has a row for every setting with an effect, and for nothing else', () => {
    const withEffect = Object.entries(accountSettings)
      .filter(([key, schema]) => metaOf(key, schema).hasEffect)
      .map(([key]) => key)
    expect(new Set(Object.keys(CHECKS))).toEqual(new Set(withEffect))
  })

  it('sees each key inside of a setting at work', () => {
    const missing = Object.entries(CHECKS).flatMap(([key, { members = [] }]) =>
      membersOf(accountSettings[key as keyof typeof CHECKS], '')
        .filter((member) => !members.includes(member))
        .map((member) => `${key}.${member}`),
    )
    expect(missing).toEqual([])
  })

  it('names tests that exist', () => {
    const missing = Object.entries(CHECKS).filter(([, check]) => {
      if (!('shownBy' in check)) return false
      const path = join(import.meta.dirname, '..', check.shownBy.file)
      return !existsSync(path) || !readFileSync(path, 'utf8').includes(check.shownBy.title)
    })
    expect(missing).toEqual([])
  })
})

/** The documented keys inside a setting, dotted; of an object that only groups others, those others. */
function membersOf(schema: unknown, path: string): string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    return membersOf(schema.unwrap(), path)
  if (schema instanceof z.ZodRecord) return membersOf(schema.valueType, path)
  if (!(schema instanceof z.ZodObject)) return path === '' ? [] : [path]
  return Object.entries(schema.shape).flatMap(([key, inner]) =>
    memberMeta(inner as z.ZodType) === undefined
      ? []
      : membersOf(inner, path === '' ? key : `${path}.${key}`),
  )
}
