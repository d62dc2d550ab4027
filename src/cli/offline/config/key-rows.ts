import { z } from 'zod'
import { CONNECTORS } from '../../../agents/registry.ts'
import { type ConfigDocument, formatPath } from '../../../config/document/config-document.ts'
import { nodeAt, type ObjectNode, type ValueNode } from '../../../config/document/json5-tree.ts'
import { channelSection } from '../../../config/read/channel-section.ts'
import { channelSettings } from '../../../config/settings/channel-settings.ts'
import { daemonSettings } from '../../../config/settings/daemon-settings.ts'
import { foreignSettings } from '../../../config/settings/foreign-settings.ts'
import { isSecretSchema } from '../../../config/settings/secret-schema.ts'
import { memberMeta, type MemberMeta, settingMeta } from '../../../config/settings/setting.ts'
import { isRecord } from '../../../protocol/is-record.ts'
import type { ConfigProblem } from '../../../protocol/config/config-problem.ts'
import type { JudgedFile } from './judged-file.ts'
import { COUNTED_KEYS } from './counted-keys.ts'
import { shownValue } from './shown-value.ts'

/** A key of the file and what it does here. */
export interface KeyRow {
  /** Dotted, from the root of the file. */
  path: string
  line: number
  /** The included file that the line is in; absent for the config file itself. */
  file?: string
  /** Short, without secrets. */
  value: string
  /** `setting`: one of ours. `other`: of another tool; `notes` says what it does here. `ignored`: not read at all. */
  kind: 'setting' | 'other' | 'ignored'
  what: string
  /** What is wrong with it, or worth knowing. */
  notes: readonly string[]
  /** As written in a file, where there is a default. */
  default?: unknown
  example?: unknown
  /** When an edit takes effect. */
  reload?: 'live' | 'restart'
  /** Whether a dashboard may edit it. */
  remote?: boolean
}

const CHANNEL = z.object({ ...channelSettings, ...foreignSettings })
const DAEMON = z.object(daemonSettings)
/** Objects by name whose entries have settings of their own; the others hold people, and may be long. */
const OPENED: ReadonlySet<string> = new Set(['accounts', 'agents'])

/** Every key of our sections in the file, in its order, and after them the keys at the root that nobody here reads. */
export function keyRows({ document, config, problems }: JudgedFile): KeyRow[] {
  if (document === null) return []
  const told = [...problems, ...(config?.notices ?? []), ...(config?.badEntries?.problems ?? [])]
  const { path: channel } = channelSection(document)
  const walker = new Walker(document, told)
  walker.walk([...channel], CHANNEL)
  walker.walk(['whatsappd'], DAEMON)
  const ours: ReadonlySet<string> = new Set(['whatsappd', channel[0]])
  return [
    ...walker.rows,
    ...document.root.members.flatMap(({ name, value }) =>
      ours.has(name) ? [] : [walker.leftAlone([name], value)],
    ),
  ]
}

class Walker {
  readonly rows: KeyRow[] = []
  readonly #document: ConfigDocument
  readonly #told: readonly ConfigProblem[]

  constructor(document: ConfigDocument, told: readonly ConfigProblem[]) {
    this.#document = document
    this.#told = told
  }

  walk(path: readonly string[], schema: z.ZodType): void {
    const node = nodeAt(this.#document.root, path)
    if (node?.type === 'object') this.#members(node, path, schema)
  }

  leftAlone(path: readonly string[], node: ValueNode): KeyRow {
    const row = this.#row(path, node, null)
    const inside = this.#told.filter(
      (each) => each.path.startsWith(`${row.path}.`) || each.path.startsWith(`${row.path}[`),
    )
    return inside.length === 0
      ? { ...row, kind: 'ignored', what: 'Not read here.' }
      : {
          ...row,
          what: 'Another tool has it; of this is read, or worth knowing:',
          notes: inside.map((each) => `${each.path}: ${each.message}`),
        }
  }

  #members(node: ObjectNode, path: readonly string[], schema: unknown): void {
    for (const { name, value } of node.members) {
      const inner = [...path, name]
      const found = memberOfSchema(schema, name)
      this.rows.push(this.#row(inner, value, found))
      if (value.type !== 'object' || isSecretSchema(unwrap(found))) continue
      if (OPENED.has(name) && found !== null) this.#entries(value, inner, name)
      else if (unwrap(found) instanceof z.ZodObject) this.#members(value, inner, found)
    }
  }

  /** Accounts have the settings of the channel, agents those of their connector. */
  #entries(node: ObjectNode, path: readonly string[], kind: string): void {
    for (const { name, value } of node.members) {
      if (value.type !== 'object') continue
      const connector = kind === 'agents' && isRecord(value.value) ? String(value.value['connector']) : ''
      const declared = Object.hasOwn(CONNECTORS, connector) ? CONNECTORS[connector]?.settings : undefined
      this.#members(value, [...path, name], kind === 'accounts' ? CHANNEL : declared)
    }
  }

  #row(path: readonly string[], node: ValueNode, schema: z.ZodType | null): KeyRow {
    const meta = schema === null ? undefined : settingMeta(schema)
    const known: MemberMeta | undefined = meta ?? (schema === null ? undefined : memberMeta(schema))
    const formatted = formatPath(path)
    const { line, file } = this.#document.positionOfKey(path)
    const notes = this.#told.filter((each) => each.path === formatted).map(({ message }) => message)
    const isSecret = isSecretSchema(unwrap(schema))
    return {
      path: formatted,
      line,
      ...(file !== undefined && { file }),
      value: shownValue(node, path.at(-1) ?? '', isSecret),
      kind: known === undefined ? 'other' : 'setting',
      what: known?.description ?? COUNTED_KEYS[path.at(-1) ?? ''] ?? 'No setting of ours.',
      notes,
      ...(known !== undefined && 'default' in known && { default: known.default }),
      ...(known !== undefined && { example: known.example }),
      ...(meta !== undefined && { reload: meta.reload, remote: meta.remote }),
    }
  }
}

function unwrap(schema: unknown): unknown {
  let inner = schema
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodNullable) inner = inner.unwrap()
  return inner
}

function memberOfSchema(schema: unknown, name: string): z.ZodType | null {
  const inner = unwrap(schema)
  if (!(inner instanceof z.ZodObject) || !Object.hasOwn(inner.shape, name)) return null
  // zod types a shape more loosely than the classic schemas that ours are made of.
  return inner.shape[name] as z.ZodType
}
