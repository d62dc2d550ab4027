import { z } from 'zod'
import { memberMeta, type MemberMeta, metaOf, type SettingMeta } from '../../config/settings/setting.ts'
import { json5Text } from './json5-text.ts'

/** A Markdown table of settings, each followed by the keys inside it. */
export function settingsTable(settings: Readonly<Record<string, z.ZodType>>): string {
  const rows = Object.entries(settings).flatMap(([key, schema]) => {
    const meta = metaOf(key, schema)
    return [
      row(key, meta, meta),
      ...membersOf(schema, key).map(([path, inner]) => row(path, inner, { ...meta, hasEffect: true })),
    ]
  })
  return table(['key', 'what it does', 'default', 'example', 'takes effect', 'dashboard may edit'], rows)
}

/** A Markdown table of the keys of one object. */
export function membersTable(schema: z.ZodObject): string {
  const rows = membersOf(schema, '').map(([path, { description, example, ...meta }]) =>
    cells([`\`${path}\``, description, standardOf(meta), code(example)]),
  )
  return table(['key', 'what it does', 'default', 'example'], rows)
}

export function codeTable(codes: Readonly<Record<string, string>>): string {
  return table(
    ['code', 'means'],
    Object.entries(codes).map(([name, meaning]) => cells([`\`${name}\``, meaning])),
  )
}

/** The documented keys inside a value, with their dotted paths. */
function membersOf(schema: unknown, path: string): [path: string, meta: MemberMeta][] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    return membersOf(schema.unwrap(), path)
  if (schema instanceof z.ZodRecord) return membersOf(schema.valueType, `${path}.<id>`)
  if (schema instanceof z.ZodArray) return membersOf(schema.element, `${path}[]`)
  if (!(schema instanceof z.ZodObject)) return []
  return Object.entries(schema.shape).flatMap(([key, inner]) => {
    const meta = memberMeta(inner)
    const name = path === '' ? key : `${path}.${key}`
    return meta === undefined ? [] : [[name, meta], ...membersOf(inner, name)]
  })
}

function row(
  path: string,
  meta: MemberMeta,
  { reload, remote, hasEffect }: Pick<SettingMeta, 'reload' | 'remote' | 'hasEffect'>,
): string {
  const description = hasEffect ? meta.description : `${meta.description} *No effect in this version.*`
  return cells([
    `\`${path}\``,
    description,
    standardOf(meta),
    code(meta.example),
    reload,
    remote && meta.remote !== false ? 'yes' : 'no',
  ])
}

function standardOf(meta: { default?: unknown }): string {
  return 'default' in meta ? code(meta.default) : 'none'
}

function code(value: unknown): string {
  return `\`${json5Text(value)}\``
}

function table(head: readonly string[], rows: readonly string[]): string {
  return [cells(head), `|${'---|'.repeat(head.length)}`, ...rows, ''].join('\n')
}

function cells(texts: readonly string[]): string {
  return `| ${texts.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`
}
