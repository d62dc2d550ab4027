import { z } from 'zod'

export interface SettingMeta {
  description: string
  /** As written in the file; absent where there is none. */
  default?: unknown
  example: unknown
  /** When an edit takes effect. */
  reload: 'live' | 'reconnect' | 'restart'
  /** Whether a dashboard may edit it. Never what runs programs, opens paths or reaches other hosts. */
  remote: boolean
  /** False for what is declared and accepted but does nothing in this version. */
  hasEffect: boolean
}

const settings = z.registry<SettingMeta>()

/** Declares one key of the config: its shape and everything that the documentation says of it. */
export function setting<Schema extends z.ZodType>(
  schema: Schema,
  meta: Pick<SettingMeta, 'description' | 'example'> & Partial<SettingMeta>,
): z.ZodOptional<Schema> {
  const optional = schema.optional()
  settings.add(optional, { reload: 'live', remote: false, hasEffect: true, ...meta })
  return optional
}

/** What was declared of this schema; `undefined` for schemas that are no setting. */
export function settingMeta(schema: z.ZodType): SettingMeta | undefined {
  return settings.get(schema)
}

/** What is said of a key inside a setting that is an object; the rest is that of the setting. */
export type MemberMeta = Pick<SettingMeta, 'description' | 'default' | 'example'>

const members = z.registry<MemberMeta>()

/** Declares an optional key of an object. */
export function member<Schema extends z.ZodType>(schema: Schema, meta: MemberMeta): z.ZodOptional<Schema> {
  return requiredMember(schema.optional(), meta)
}

/** Declares a key that its object must have. */
export function requiredMember<Schema extends z.ZodType>(schema: Schema, meta: MemberMeta): Schema {
  members.add(schema, meta)
  return schema
}

export function memberMeta(schema: z.ZodType): MemberMeta | undefined {
  return members.get(schema)
}
