import { z } from 'zod'
import { didYouMean } from './did-you-mean.ts'
import type { PathSegment } from './parse.ts'
import type { Problems } from './problems.ts'
import { FOREIGN_KEYS } from './schema.ts'
import { settingMeta } from './setting.ts'

/**
 * Reads one object of settings: unknown keys are errors with a suggestion, other tools' keys and keys without effect
 * are notices, and every value of a wrong shape is an error at its own place. Values that do not fit are left out.
 */
export function readSection<Shape extends z.ZodRawShape>(
  shape: Shape,
  value: unknown,
  path: readonly PathSegment[],
  problems: Problems,
): Partial<z.infer<z.ZodObject<Shape>>> {
  if (value === undefined) return {}
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    problems.error('wrong_type', path, 'Must be an object: { … }.')
    return {}
  }
  const result: Record<string, unknown> = {}
  for (const [key, inner] of Object.entries(value)) {
    const schema = Object.hasOwn(shape, key) ? shape[key] : undefined
    if (schema === undefined) refuseUnknown(key, Object.keys(shape), [...path, key], problems)
    else result[key] = readValue(schema as z.ZodType, inner, [...path, key], problems)
  }
  // Each value was parsed by its own schema of `shape`.
  return result as Partial<z.infer<z.ZodObject<Shape>>>
}

function readValue(
  schema: z.ZodType,
  value: unknown,
  path: readonly PathSegment[],
  problems: Problems,
): unknown {
  if (settingMeta(schema)?.hasEffect === false) {
    problems.notice('no_effect_yet', path, 'Accepted, but it has no effect in this version.')
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  for (const issue of parsed.error.issues) {
    const inner = issue.path.filter((segment) => typeof segment !== 'symbol')
    problems.error(codeOf(issue), [...path, ...inner], describe(issue))
  }
  return undefined
}

function refuseUnknown(
  key: string,
  known: readonly string[],
  path: readonly PathSegment[],
  problems: Problems,
): void {
  if (FOREIGN_KEYS.has(key)) {
    problems.notice('foreign_key', path, `"${key}" belongs to another tool and has no use here.`)
    return
  }
  const meant = didYouMean(key, known)
  const hint = meant === null ? `Known keys: ${known.join(', ')}.` : `Did you mean "${meant}"?`
  problems.error('unknown_key', path, `There is no setting "${key}". ${hint}`)
}

const CODES: Readonly<Record<string, string>> = {
  invalid_type: 'wrong_type',
  unrecognized_keys: 'unknown_key',
  invalid_key: 'unknown_key',
}

function codeOf(issue: z.core.$ZodIssue): string {
  return CODES[issue.code] ?? 'invalid_value'
}

function describe(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_union' && 'discriminator' in issue && issue.discriminator === 'connector') {
    return 'There is no such connector. The connectors of this version: echo, openai-chat.'
  }
  if (issue.code === 'invalid_value') return `Must be one of: ${issue.values.map(String).join(', ')}.`
  if (issue.code === 'unrecognized_keys')
    return `There is no setting ${issue.keys.map((key) => `"${key}"`).join(', ')} here.`
  return `${issue.message}.`
}
