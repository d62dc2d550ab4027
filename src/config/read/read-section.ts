import { z } from 'zod'
import { didYouMean } from '../problems/did-you-mean.ts'
import type { PathSegment } from '../document/json5-tree.ts'
import { withoutBadEntries } from './entry-list.ts'
import type { Problems } from '../problems/problems.ts'
import { FOREIGN_KEYS } from '../problems/foreign-keys.ts'
import { isRecord } from '../../protocol/is-record.ts'
import { settingMeta } from '../settings/setting.ts'

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
  if (!isRecord(value)) {
    problems.error('wrong_type', path, 'Must be an object: { … }.')
    return {}
  }
  const result: Record<string, unknown> = {}
  for (const [key, inner] of Object.entries(value)) {
    const schema = Object.hasOwn(shape, key) ? shape[key] : undefined
    if (schema === undefined && FOREIGN_KEYS.has(key)) {
      const message = `"${key}" belongs to another tool and has no use here.`
      problems.notice('foreign_key', [...path, key], message)
    } else if (schema === undefined) refuseUnknown(key, Object.keys(shape), [...path, key], problems)
    else result[key] = readValue(schema as z.ZodType, inner, [...path, key], problems)
  }
  // Each value was parsed by its own schema of `shape`.
  return result as Partial<z.infer<z.ZodObject<Shape>>>
}

/** Reads one value; `undefined`, with problems at their places, for one of a wrong shape. */
export function readValue(
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
  const { value: rest, bad } = withoutBadEntries(schema, value, parsed.error.issues)
  for (const { path: inner, code, message } of bad) {
    problems.entry(code, [...path, ...inner], `${message} This entry counts for nobody.`)
  }
  const isListed = (issue: z.core.$ZodIssue): boolean =>
    bad.some(({ path: inner }) => inner.every((segment, index) => issue.path[index] === segment))
  const others = parsed.error.issues.filter((issue) => !isListed(issue))
  for (const issue of others) tell(issue, schema, path, problems)
  return others.length === 0 ? schema.parse(rest) : undefined
}

function tell(
  issue: z.core.$ZodIssue,
  schema: z.ZodType,
  path: readonly PathSegment[],
  problems: Problems,
): void {
  const inner = [...path, ...issue.path.filter((segment) => typeof segment !== 'symbol')]
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) {
      refuseUnknown(key, knownKeys(schema, issue.path), [...inner, key], problems)
    }
  } else if (issue.code === 'invalid_key') {
    problems.keyError('invalid_value', inner, 'This name has characters that it may not have, or too many.')
  } else {
    problems.error(issue.code === 'invalid_type' ? 'wrong_type' : 'invalid_value', inner, describe(issue))
  }
}

function refuseUnknown(
  key: string,
  known: readonly string[],
  path: readonly PathSegment[],
  problems: Problems,
): void {
  const meant = didYouMean(key, known)
  const hint = meant === null ? `Known keys: ${known.join(', ')}.` : `Did you mean "${meant}"?`
  problems.keyError('unknown_key', path, `There is no setting "${key}". ${hint}`)
}

function describe(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `Must be one of: ${issue.values.map(String).join(', ')}.`
  return `${issue.message}.`
}

/** The keys that an object at `path` inside a value of this schema may have; none where there is no object. */
function knownKeys(schema: unknown, path: readonly PropertyKey[]): string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    return knownKeys(schema.unwrap(), path)
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => knownKeys(option, path))
  const [key, ...rest] = path
  if (schema instanceof z.ZodObject) {
    if (key === undefined) return Object.keys(schema.shape)
    return typeof key === 'string' && Object.hasOwn(schema.shape, key)
      ? knownKeys(schema.shape[key], rest)
      : []
  }
  if (key === undefined) return []
  if (schema instanceof z.ZodRecord) return knownKeys(schema.valueType, rest)
  if (schema instanceof z.ZodArray) return knownKeys(schema.element, rest)
  return []
}
