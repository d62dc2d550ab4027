import { isDeepStrictEqual } from 'node:util'
import type { ConfigProblem } from '../../protocol/config/config-problem.ts'
import { isRecord } from '../../protocol/is-record.ts'
import { ConfigDocument } from '../document/config-document.ts'
import type { Config } from '../model.ts'
import { ConfigError } from '../problems/config-error.ts'
import type { FileTool } from '../read/foreign/file-tool.ts'
import { resolveDocument, type ResolveContext } from '../read/resolve.ts'
import { type Judgement, REWRITES } from './rewrites.ts'

/** A key of another tool, and what takes its place. */
interface MigrationStep {
  /** Dotted. */
  path: string
  /** One sentence for a person. */
  what: string
}

export interface Migration {
  tool: FileTool | null
  before: string
  after: string
  steps: readonly MigrationStep[]
  /** What the file can be used for afterwards; `null` where it still cannot be used. */
  config: Config | null
  /** Whether the file could be used before. */
  wasValid: boolean
  /** What keeps it from being used afterwards. */
  problems: readonly ConfigProblem[]
}

/** Many more than any file has keys of other tools. */
const MOST_STEPS = 1_000

/**
 * Rewrites keys of other tools in ours. Every step leaves what is in force as it is: a step that would change it is not taken. In a file
 * that cannot be used, a step has to take a problem away and bring no other. Throws `ConfigError` for a text that is not JSON5.
 */
export function migrateConfig(text: string, context: ResolveContext): Migration {
  let document = ConfigDocument.read(text)
  const first = judge(document, context)
  let judgement = first
  const steps: MigrationStep[] = []
  for (const rewrite of REWRITES) {
    const refused = new Set<string>()
    for (;;) {
      const candidate = rewrite(document, judgement).find(({ path }) => !refused.has(path))
      if (candidate === undefined || steps.length >= MOST_STEPS) break
      refused.add(candidate.path)
      const edited = candidate.edit(document)
      if (edited.text === document.text) continue
      const outcome = judge(edited, context)
      if (!isAsGood(judgement, outcome)) continue
      document = edited
      judgement = outcome
      steps.push({ path: candidate.path, what: candidate.what })
    }
  }
  const { config, problems, tool } = judgement
  return {
    tool: first.tool ?? tool,
    before: text,
    after: document.text,
    steps,
    config,
    wasValid: first.config !== null,
    problems,
  }
}

function judge(document: ConfigDocument, context: ResolveContext): Judgement {
  try {
    const config = resolveDocument(document, context)
    return { config, tool: config.tool ?? null, notices: config.notices, problems: [] }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return { config: null, tool: null, notices: [], problems: error.problems }
  }
}

function isAsGood(before: Judgement, after: Judgement): boolean {
  if (before.config !== null)
    return after.config !== null && isDeepStrictEqual(inForce(before.config), inForce(after.config))
  if (after.config !== null) return true
  const known = new Set(before.problems.map(({ path, code }) => `${code} ${path}`))
  const isNew = after.problems.some(({ path, code }) => !known.has(`${code} ${path}`))
  return !isNew && after.problems.length < before.problems.length
}

/** What differs between two configs that do the same: where something stands, and what is said about it. */
const TOLD: ReadonlySet<string> = new Set([
  'tool',
  'overruled',
  'written',
  'entries',
  'section',
  'place',
  'revision',
  'notices',
])

function inForce(config: Config): unknown {
  // A prefix is filled in by OpenClaw's rules, and only in its files.
  const fillsIn = Object.values(config.accounts).some(({ responsePrefix }) => responsePrefix !== '')
  return [fillsIn && config.tool === 'openclaw', stripped(config)]
}

function stripped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stripped)
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !TOLD.has(key))
      .map(([key, inner]) => [key, stripped(inner)]),
  )
}
