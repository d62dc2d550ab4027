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
import { CONTENT_IN_GROUPS } from './content-in-groups.ts'
import { GROUP_CHECKS } from './group-checks.ts'
import { MEDIA_CHECKS } from './media-checks.ts'
import { PEOPLE_CHECKS } from './people-checks.ts'
import { REPLY_CHECKS } from './reply-checks.ts'
import { Scene } from './scene.ts'
import { VOICE_CHECKS } from './voice-checks.ts'
import { STREAM_CHECKS } from './stream-checks.ts'
import { TAKEOVER_CHECKS } from './takeover-checks.ts'
import { WEBHOOK_RECEIVER_CHECKS } from './webhook-receiver-checks.ts'

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
  historySync: {
    shownBy: {
      file: 'past-messages.test.ts',
      title: 'what the setting says when the account is linked counts',
    },
  },
  retention: {
    members: ['days', 'messagesPerConversation'],
    shownBy: {
      file: 'retention.test.ts',
      title:
        'an edit of retention deletes what is too old, and the oldest of a conversation that is too long',
    },
  },
  transport: {
    shownBy: { file: 'business/live-settings.test.ts', title: 'another transport counts at once' },
  },
  cloudApi: {
    members: [
      'provider',
      'phoneNumberId',
      'businessAccountId',
      'accessToken',
      'appSecret',
      'verifyToken',
      'apiVersion',
      'baseUrl',
      'mediaHosts',
      'pathSecret',
    ],
    shownBy: { file: 'business/live-settings.test.ts', title: 'every value of cloudApi counts at once' },
  },
} satisfies Record<string, LiveCheck>

const CHECKS: Readonly<Record<keyof typeof accountSettings, LiveCheck>> = {
  ...PEOPLE_CHECKS,
  ...GROUP_CHECKS,
  ...REPLY_CHECKS,
  ...MEDIA_CHECKS,
  ...STREAM_CHECKS,
  ...TAKEOVER_CHECKS,
  ...VOICE_CHECKS,
  ...WEBHOOK_RECEIVER_CHECKS,
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

  it.each(Object.entries(CONTENT_IN_GROUPS))('in a group: %s', (_key, check) => check(scene))
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
