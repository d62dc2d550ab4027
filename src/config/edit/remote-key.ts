import { z } from 'zod'
import { DaemonError } from '../../protocol/errors.ts'
import { accountSettings } from '../settings/account-settings.ts'
import { channelSettings } from '../settings/channel-settings.ts'
import { daemonSettings } from '../settings/daemon-settings.ts'
import { didYouMean } from '../problems/did-you-mean.ts'
import { memberMeta, settingMeta } from '../settings/setting.ts'

const SETTINGS: Readonly<Record<string, z.ZodType>> = accountSettings
const OTHERS: Readonly<Record<string, z.ZodType>> = {
  ...channelSettings,
  whatsappd: z.object(daemonSettings),
}

/**
 * The schema of a key that a dashboard may edit; the path begins below the channel or an account. Throws `DaemonError`
 * (`config_key_refused`) for everything else: what is not marked so, what is not declared, and keys of other tools, which may be
 * what decides about programs there.
 */
export function remoteKey(path: readonly string[]): z.ZodType {
  const [key = '', ...inner] = path
  const setting = Object.hasOwn(SETTINGS, key) ? SETTINGS[key] : undefined
  if (setting === undefined) throw unknownKey(path, key)
  if (settingMeta(setting)?.remote !== true) throw refused(path, 'is not for dashboards')
  let schema = setting
  for (const segment of inner) {
    const next = memberSchema(schema, segment)
    if (next === null) throw refused(path, `has no "${segment}" that a dashboard may edit`)
    schema = next
  }
  return schema
}

/** The schema of one key inside a value, or `null` where a dashboard may set none of that name. */
export function memberSchema(schema: z.ZodType, key: string): z.ZodType | null {
  const value = unwrapped(schema)
  if (key === '' || key === '__proto__') return null
  // zod types what a record holds more loosely than the classic schemas that ours are made of.
  if (value instanceof z.ZodRecord) return value.valueType as z.ZodType
  if (!(value instanceof z.ZodObject) || !Object.hasOwn(value.shape, key)) return null
  const member = value.shape[key] as z.ZodType
  const meta = memberMeta(member)
  return meta === undefined || meta.remote === false ? null : member
}

/** Without what only says that it may be missing. */
export function unwrapped(schema: z.ZodType): unknown {
  let inner: unknown = schema
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodNullable) inner = inner.unwrap()
  return inner
}

function unknownKey(path: readonly string[], key: string): DaemonError {
  if (Object.hasOwn(OTHERS, key)) return refused(path, 'is not for dashboards')
  const meant = didYouMean(key, Object.keys(SETTINGS))
  const action = meant === null ? 'docs/config.md lists the settings.' : `Did you mean "${meant}"?`
  return refused(path, 'is no setting of an account', action)
}

function refused(path: readonly string[], why: string, action?: string): DaemonError {
  return new DaemonError('config_key_refused', {
    message: `${path.join('.')} ${why}.`,
    ...(action === undefined ? {} : { action }),
    details: { path: [...path], why },
  })
}
