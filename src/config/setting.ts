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
