import { z } from 'zod'

export interface SettingMeta {
  description: string
  /** As written in the file, and what is in force where nobody sets it; absent where there is none. */
  default?: unknown
  /** What is in force where nobody sets it and no default could be written into a file. */
  fallback?: unknown
  example: unknown
  /** When an edit takes effect: at once, or at the next start. */
  reload: 'live' | 'restart'
  /** Whether a dashboard may edit it. Never what runs programs, opens paths or reaches other hosts. */
  remote: boolean
  /** False for what is declared and accepted but does nothing in this version. */
  hasEffect: boolean
  /** How a dashboard offers it, where a field of its own is enough. */
  control?: SettingControl | undefined
}

/** A field of a dashboard for one value. The range of a number and the length of a text follow from the schema. */
interface SettingControl {
  /** Of an object that is a setting: the member that the field is for. */
  member?: string
  kind: 'switch' | 'number' | 'text' | 'agent' | 'choice'
  /** Begins with a capital letter. */
  label: string
  hint?: string
  /** Of a `choice`: what its values are called, where they do not say it themselves. */
  labels?: Readonly<Record<string, string>>
  /** Has an effect only for accounts that can do this. */
  needs?: 'selfChat'
}

declare const FALLBACK: unique symbol

/** The schema of an optional key; `Fallback` is what may be in force besides its values. */
export type Setting<Schema extends z.ZodType, Fallback> = z.ZodOptional<Schema> & {
  readonly [FALLBACK]?: Fallback
}

const settings = z.registry<SettingMeta>()

/** Declares one key of the config: its shape, the value in force without it, its documentation and its control. */
export function setting<Schema extends z.ZodType, Fallback = never>(
  schema: Schema,
  meta: Pick<SettingMeta, 'description' | 'example'> & Partial<SettingMeta> & { fallback?: Fallback },
): Setting<Schema, Fallback> {
  const optional = schema.optional()
  settings.add(optional, { reload: 'live', remote: false, hasEffect: true, ...meta })
  return optional
}

/** What was declared of this schema; `undefined` for schemas that are no setting. */
export function settingMeta(schema: z.ZodType): SettingMeta | undefined {
  return settings.get(schema)
}

/** As `settingMeta`, for the setting of this name. Throws for a schema that is no setting. */
export function metaOf(key: string, schema: z.ZodType): SettingMeta {
  const meta = settingMeta(schema)
  if (meta === undefined) throw new Error(`the setting ${key} is not declared`)
  return meta
}

/** What is said of a key inside a setting that is an object; the rest is that of the setting. */
export type MemberMeta = Pick<SettingMeta, 'description' | 'default' | 'example'> & {
  /** Where a dashboard may edit the setting, but not this key of it. */
  remote?: boolean
}

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
