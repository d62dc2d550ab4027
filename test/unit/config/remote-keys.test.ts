import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { accountSettings } from '../../../src/config/settings/account-settings.ts'
import { CONNECTORS } from '../../../src/agents/registry.ts'
import { channelSettings } from '../../../src/config/settings/channel-settings.ts'
import { ConfigError } from '../../../src/config/problems/config-error.ts'
import { daemonSettings } from '../../../src/config/settings/daemon-settings.ts'
import { settingsEdit } from '../../../src/config/edit/edit-settings.ts'
import { memberSchema, unwrapped } from '../../../src/config/edit/remote-key.ts'
import { secretSchema } from '../../../src/config/settings/secret-schema.ts'
import { settingMeta } from '../../../src/config/settings/setting.ts'
import { DaemonError } from '../../../src/protocol/errors.ts'
import { applied, CORPUS, resolve } from './edit-corpus.ts'
import { read } from './intended-settings.ts'

const metaOf = (schema: z.ZodType) => {
  const meta = settingMeta(schema)
  if (meta === undefined) throw new Error('not a setting')
  return meta
}
const isRemote = (schema: z.ZodType): boolean => metaOf(schema).remote

/** A config token must not become code execution: this is what could make it so. */
const DANGEROUS =
  /connector|command|program|exec|args|argv|shell|path|dir(?!ect\b)|file|url|host|proxy|socket|secret|token|key|env|auth|origin|webhook|tool/i

/** Every name and every leaf that a dashboard could reach below a setting. */
function reachable(schema: z.ZodType, path: string[]): { path: string[]; leaf: unknown }[] {
  const value = unwrapped(schema)
  if (value instanceof z.ZodRecord) return reachable(value.valueType as z.ZodType, [...path, '<id>'])
  if (value instanceof z.ZodArray) return reachable(value.element as z.ZodType, path)
  if (value instanceof z.ZodUnion)
    return (value.options as z.ZodType[]).flatMap((option) => reachable(option, path))
  if (!(value instanceof z.ZodObject)) return [{ path, leaf: value }]
  return Object.keys(value.shape).flatMap((key) => {
    const inner = memberSchema(schema, key)
    return inner === null ? [] : reachable(inner, [...path, key])
  })
}

function apply(text: string, path: readonly string[], value: unknown): string {
  const edit = settingsEdit([{ path, value }], ['everybody', 'nobody'])
  const before = resolve(text)
  edit.prepare?.(before)
  const after = applied(edit, text, before)
  edit.check(before, resolve(after))
  return after
}

const codeOf = (step: () => unknown): string => {
  try {
    step()
    return 'none'
  } catch (error) {
    if (error instanceof DaemonError) return error.code
    throw error
  }
}

const remote = Object.entries(accountSettings).filter(([, schema]) => isRemote(schema))
const local = Object.entries({ ...channelSettings, ...daemonSettings }).filter(
  ([, schema]) => !isRemote(schema),
)

describe('what a dashboard may edit', () => {
  it.each(remote)('%s leads to no program, path, address or secret', (key, schema) => {
    for (const { path, leaf } of reachable(schema, [key])) {
      expect(path.join('.')).not.toMatch(DANGEROUS)
      expect(leaf).not.toBe(secretSchema)
      expect([z.ZodString, z.ZodNumber, z.ZodBoolean, z.ZodEnum].some((kind) => leaf instanceof kind)).toBe(
        true,
      )
      expect(leaf).not.toBeInstanceOf(z.ZodURL)
    }
  })

  it.each(remote)('%s takes its own example', (key, schema) => {
    const { example } = metaOf(schema)
    const value = key === 'senders' ? { '+15555550101': { agent: 'echo' } } : example
    expect(codeOf(() => apply('{}', [key], value))).toBe('none')
  })
})

describe('what a dashboard may not edit', () => {
  it.each(local)('%s is refused, with the reason', (key, schema) => {
    for (const path of [
      [key],
      [key, 'x'],
      ['whatsappd', key],
      ['accounts', 'default', key],
      ['channels', 'whatsapp', key],
    ]) {
      const edit = settingsEdit([{ path, value: metaOf(schema).example }], [])
      expect(codeOf(() => edit.prepare?.(resolve('{}')))).toBe('config_key_refused')
    }
  })

  it.each(Object.values(CONNECTORS).flatMap(({ settings }) => Object.keys(settings.shape)))(
    'nothing inside of an agent: %s',
    (key) => {
      for (const path of [['agents', 'echo', key], ['agents'], ['agents', 'new']])
        expect(codeOf(() => apply('{}', path, 'x'))).toBe('config_key_refused')
    },
  )

  it.each([
    ['groups', '*', 'tools'],
    ['groups', '*', 'toolsBySender', '+15555550101'],
    ['groups', '*', 'systemPrompt'],
    ['senders', '+15555550101', 'tools'],
    ['__proto__'],
    ['constructor'],
    ['senders', '__proto__'],
    ['groups', '__proto__', 'agent'],
    ['groups', '*', '__proto__'],
    ['ackReaction', 'constructor'],
    ['allowFrom', '0'],
    ['name', 'x'],
    [''],
    ['groups', ''],
  ])('keys of other tools, prototypes and places that do not exist: %j %j %j', (...path) => {
    const given = path.filter((segment) => segment !== undefined)
    expect(codeOf(() => apply('{}', given, 'x'))).toBe('config_key_refused')
  })

  it.each([
    [['groups'], { '*': { requireMention: true, tools: { allow: ['exec'] } } }],
    [['groups', '*'], { toolsBySender: { '+15555550101': { allow: ['exec'] } } }],
    [['senders'], { '+15555550101': { agent: 'echo', command: 'sh' } }],
    [['ackReaction'], JSON.parse('{ "emoji": "x", "__proto__": { "url": "x" } }') as unknown],
  ])('such keys inside of a value: %j', (path, value) => {
    expect(codeOf(() => apply('{}', path, value))).toBe('config_key_refused')
  })

  it('whatever is asked for, only what is marked changes', () => {
    const segment = fc.oneof(
      fc.constantFrom(
        ...Object.keys(channelSettings),
        ...Object.keys(daemonSettings),
        '*',
        'echo',
        'tools',
        'agent',
        'accounts',
        'whatsappd',
      ),
      fc.string({ maxLength: 6 }),
    )
    const names = new Set(remote.map(([key]) => key))
    const foreign = new Set(['systemPrompt', 'tools', 'toolsBySender'])
    const untouchable = (value: unknown, path: string[] = []): unknown => {
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        return path.some((key) => foreign.has(key)) || !path.slice(2).some((key) => names.has(key))
          ? value
          : undefined
      const entries = Object.entries(value)
        .map(([key, inner]) => [key, untouchable(inner, [...path, key])] as const)
        .filter(([, inner]) => inner !== undefined)
      return entries.length === 0 ? undefined : Object.fromEntries(entries)
    }
    fc.assert(
      fc.property(
        fc.constantFrom(...CORPUS.filter(({ name }) => name !== 'empty.json5')),
        fc.array(segment, { minLength: 1, maxLength: 4 }),
        fc.oneof(fc.jsonValue(), fc.constant({ '*': { tools: { allow: ['exec'] } } })),
        ({ text }, path, value) => {
          let after = text
          try {
            after = apply(text, path, value)
          } catch (error) {
            // What the whole file would be wrong with has no code of its own here: `applyEdit` gives it one.
            if (!(error instanceof ConfigError)) expect(error).toHaveProperty('code')
          }
          expect(untouchable(read(after))).toEqual(untouchable(read(text)))
        },
      ),
      { numRuns: 1_500 },
    )
  })
})
