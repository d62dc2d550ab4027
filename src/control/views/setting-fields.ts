import { z } from 'zod'
import { asWritten } from '../../config/as-written.ts'
import type { AccountConfig } from '../../config/model.ts'
import { accountSettings } from '../../config/settings/account-settings.ts'
import { metaOf } from '../../config/settings/setting.ts'
import { isRecord } from '../../protocol/is-record.ts'
import type { SettingField } from '../../protocol/config/setting-field.ts'

/** The fields that settings declare (`control`), for those that a dashboard may edit to some effect. */
export const SETTING_FIELDS: readonly SettingField[] = Object.entries<z.ZodType>(accountSettings).flatMap(
  ([key, schema]) => {
    const { control, remote, hasEffect } = metaOf(key, schema)
    if (control === undefined || !remote || !hasEffect) return []
    const { member, kind, label, hint, labels, needs } = control
    const value = member === undefined ? schema : memberOf(key, schema, member)
    const path = member === undefined ? [key] : [key, member]
    const said = {
      ...(hint !== undefined && { hint }),
      ...(labels !== undefined && { labels }),
      ...(needs !== undefined && { needs }),
    }
    return [{ path, kind, label, ...said, ...rangeOf(value) }]
  },
)

/** Settings that an account has under another name. */
const VALUES: Readonly<Record<string, (account: AccountConfig) => unknown>> = {
  selfChatMode: ({ access }) => access.selfChat ?? null,
}

/** What is in force for each of these fields, by its path, joined with dots. */
export function settingValues(account: AccountConfig): Record<string, unknown> {
  return Object.fromEntries(
    SETTING_FIELDS.map(({ path, kind }) => {
      const name = path.join('.')
      const value = Object.hasOwn(VALUES, name)
        ? VALUES[name]?.(account)
        : path.reduce<unknown>((holder, key) => (isRecord(holder) ? holder[key] : undefined), account)
      // One of a closed list is shown as it is: the list is shown too.
      return [name, kind === 'text' ? asWritten(account, name, value) : value]
    }),
  )
}

function memberOf(key: string, schema: z.ZodType, member: string): z.ZodType {
  const value = unwrapped(schema)
  const inner = value instanceof z.ZodObject ? value.shape[member] : undefined
  if (inner === undefined) throw new Error(`the setting ${key} has no member ${member}`)
  return inner
}

/** What the schema says of the values that are possible. */
function rangeOf(schema: z.ZodType): Partial<SettingField> {
  const value = unwrapped(schema)
  if (value instanceof z.ZodNumber) {
    const { minValue, maxValue } = value
    return {
      ...(isLimit(minValue) && { minimum: minValue }),
      ...(isLimit(maxValue) && { maximum: maxValue }),
    }
  }
  if (value instanceof z.ZodString && value.maxLength !== null) return { maximumLength: value.maxLength }
  return value instanceof z.ZodEnum ? { options: value.options.map(String) } : {}
}

/** Whole numbers have the bounds of what can be counted exactly, which nobody has to be told. */
function isLimit(bound: number | null): bound is number {
  return bound !== null && Math.abs(bound) < Number.MAX_SAFE_INTEGER
}

function unwrapped(schema: z.ZodType): z.ZodType {
  // zod types what is inside more loosely than the classic schemas that ours are made of.
  return schema instanceof z.ZodOptional ? unwrapped(schema.unwrap() as z.ZodType) : schema
}
