import { z } from 'zod'
import { didYouMean } from '../problems/did-you-mean.ts'
import type { PathSegment } from '../document/json5-tree.ts'
import { type ValueIssue, withoutBadEntries } from './people/entry-list.ts'
import { schemaAt } from './schema-at.ts'
import type { Problems } from '../problems/problems.ts'
import { FOREIGN_KEYS, OWN_KEYS, ownName } from '../problems/foreign-keys.ts'
import { isRecord } from '../../protocol/is-record.ts'
import { isSecretSchema } from '../settings/secret-schema.ts'
import { settingMeta } from '../settings/setting.ts'

/** The other section of ours, in which a key may be meant to stand. */
export interface OtherSection {
  settings: z.ZodRawShape
  /** As a person finds it. */
  name: string
}

/**
 * Reads one object of settings: unknown keys are errors with a suggestion, other tools' keys and keys without effect
 * are notices, and every value of a wrong shape is an error at its own place. Values that do not fit are left out.
 */
export function readSection<Shape extends z.ZodRawShape>(
  shape: Shape,
  value: unknown,
  path: readonly PathSegment[],
  problems: Problems,
  other?: OtherSection,
): Partial<z.infer<z.ZodObject<Shape>>> {
  if (value === undefined) return {}
  if (!isRecord(value)) {
    problems.error('wrong_type', path, 'Must be an object: { … }.')
    return {}
  }
  const result: Record<string, unknown> = {}
  for (const [key, inner] of Object.entries(value)) {
    const schema = Object.hasOwn(shape, key) ? shape[key] : undefined
    if (schema === undefined && FOREIGN_KEYS.has(key)) problems.foreign([...path, key], FOREIGN_KEYS.get(key))
    else if (schema === undefined) refuseUnknown(key, ownKeys(shape), [...path, key], problems, other)
    else result[key] = readValue(schema as z.ZodType, ownName(key, inner), [...path, key], problems)
  }
  // Each value was parsed by its own schema of `shape`.
  return result as Partial<z.infer<z.ZodObject<Shape>>>
}

/** Those that are settings: keys of other tools that count too are not suggested. */
function ownKeys(shape: z.ZodRawShape): string[] {
  return Object.keys(shape).filter((key) => settingMeta(shape[key] as z.ZodType) !== undefined)
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
  const unset = unexpandedTexts(schema, path, problems)
  if (parsed.success && unset.length === 0) return parsed.data
  const found = parsed.success ? [] : parsed.error.issues
  const { value: rest, bad } = withoutBadEntries(schema, value, [...unset, ...found])
  for (const { path: inner, code, message } of bad) {
    problems.entry(code, [...path, ...inner], `${message} This entry counts for nobody.`)
  }
  const isListed = (issue: ValueIssue): boolean =>
    bad.some(({ path: inner }) => inner.every((segment, index) => issue.path[index] === segment))
  const missing = unset.filter((issue) => !isListed(issue))
  for (const issue of missing) problems.error(issue.code, [...path, ...issue.path], `${issue.message}.`)
  // What stands there in place of the text is not worth a second problem.
  const others = found.filter(
    (issue) => !isListed(issue) && !missing.some(({ path }) => isAtOrIn(issue, path)),
  )
  for (const issue of others) tell(issue, schema, path, problems)
  return others.length === 0 && missing.length === 0 ? schema.parse(rest) : undefined
}

interface UnexpandedText extends ValueIssue {
  /** Below the value. */
  path: readonly PathSegment[]
  code: 'unset_variable' | 'too_large'
}

/** Texts of the value that could not be expanded. A secret is not among them: its variable is read when it is used. */
function unexpandedTexts(
  schema: z.ZodType,
  path: readonly PathSegment[],
  problems: Problems,
): UnexpandedText[] {
  return problems.expansions.failuresIn(path).flatMap(({ path: place, variable, failure }) => {
    const inner = place.slice(path.length)
    const leaf = schemaAt(schema, inner)
    const isLater = leaf instanceof z.ZodUnknown || (variable !== null && isSecretSchema(leaf))
    return isLater || failure === null ? [] : [{ path: inner, code: failure.code, message: failure.message }]
  })
}

function isAtOrIn(issue: ValueIssue, path: readonly PathSegment[]): boolean {
  return path.every((segment, index) => issue.path[index] === segment)
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
    const own = issue.issues.find(({ code }) => code === 'custom')?.message
    const message = own ?? 'This name has characters that it may not have, or too many'
    problems.keyError('invalid_value', inner, `${message}.`)
  } else {
    problems.error(issue.code === 'invalid_type' ? 'wrong_type' : 'invalid_value', inner, describe(issue))
  }
}

function refuseUnknown(
  key: string,
  known: readonly string[],
  path: readonly PathSegment[],
  problems: Problems,
  other?: OtherSection,
): void {
  if (other !== undefined && Object.hasOwn(other.settings, key)) {
    problems.keyError(
      'unknown_key',
      path,
      `There is no setting "${key}" here. It belongs inside of ${other.name}.`,
    )
    return
  }
  const meant = didYouMean(key, known)
  const named = OWN_KEYS.get(key)
  if (named !== undefined) {
    problems.keyError('unknown_key', path, `There is no setting "${key}". The key of ours is ${named}.`)
    return
  }
  const hint = meant === null ? `Known keys: ${known.join(', ')}.` : `Did you mean "${meant}"?`
  problems.keyError('unknown_key', path, `There is no setting "${key}". ${hint}`)
}

function describe(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `Must be one of: ${issue.values.map(String).join(', ')}.`
  return `${issue.message}.`
}

/** The keys that an object at `path` inside a value of this schema may have; none where there is no object. */
function knownKeys(schema: unknown, path: readonly PropertyKey[]): string[] {
  return keysOf(schemaAt(schema, path))
}

function keysOf(schema: unknown): string[] {
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(keysOf)
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
}
