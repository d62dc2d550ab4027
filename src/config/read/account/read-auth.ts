import type { z } from 'zod'
import type { AuthConfig, JwtKeyConfig } from '../../auth-config.ts'
import type { authSetting } from '../../settings/auth-setting.ts'
import type { SecretReference } from '../../model.ts'
import { refuseWeakSecret } from '../../secrets/refuse-weak-secret.ts'
import { loadPublicKey, loadSecretKey } from '../../secrets/load-jwt-key.ts'
import type { PathSegment } from '../../document/json5-tree.ts'
import type { Problems } from '../../problems/problems.ts'
import { readFileReference, readSecret } from '../../secrets/read-secret.ts'
import type { PathContext } from '../read-path.ts'
import { resolveSecret } from '../../secrets/resolve-secret.ts'

type RawAuth = NonNullable<z.infer<typeof authSetting>>
type RawKey = NonNullable<RawAuth['jwtKeys']>[number]
type RawSecret = NonNullable<RawAuth['metricsToken']>
type RawReference = NonNullable<RawKey['publicKey']>

interface ReadContext extends PathContext {
  problems: Problems
}

const PATH = ['whatsappd', 'auth'] as const

/** `whatsappd.auth` with its defaults. A key in the file itself must be usable; one that it refers to may be created later. */
export function readAuth(raw: RawAuth | undefined, context: ReadContext): AuthConfig {
  const { jwtKeys = [], issuer = null, audience = null, subjects = [], claims = {}, revoked = [] } = raw ?? {}
  if (jwtKeys.length > 0) requireNames(raw ?? {}, context.problems)
  if (subjects.includes('*') && subjects.length > 1) {
    context.problems.error('invalid_value', [...PATH, 'subjects'], 'Beside "*" no other subject makes sense.')
  }
  const named = subjects.filter((subject, index) => {
    if (subject !== '') return true
    const message = 'Must be a text of 1 to 256 characters. This entry counts for nobody.'
    context.problems.entry('invalid_value', [...PATH, 'subjects', index], message)
    return false
  })
  return {
    jwtKeys: jwtKeys.map((key, index) => readKey(key, [...PATH, 'jwtKeys', index], context)),
    issuer,
    audience,
    subjects: named.includes('*') ? null : named,
    claims: {
      subject: claims.subject ?? 'sub',
      scope: claims.scope ?? 'scope',
      defaultScopes: claims.defaultScopes ?? [],
      required: claims.required ?? {},
    },
    metricsToken: raw?.metricsToken === undefined ? null : readMetricsToken(raw.metricsToken, context),
    revoked,
  }
}

/** One that stands in the file must be strong; one that it refers to may be created later. */
function readMetricsToken(raw: RawSecret, context: ReadContext): SecretReference {
  const place = [...PATH, 'metricsToken']
  const reference = readSecret(raw, place, context, context.problems)
  try {
    refuseWeakSecret(Buffer.from(resolveSecret(reference, context.env)))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    if ('literal' in reference) context.problems.error('invalid_value', place, `This token ${why}.`)
    else context.problems.notice('unusable_key', place, unusableKeyMessage(why))
  }
  return reference
}

/** Without these a token for somebody else, or for another sandbox, would open this one. */
function requireNames(raw: RawAuth, problems: Problems): void {
  for (const key of ['issuer', 'audience', 'subjects'] as const) {
    if (raw[key] !== undefined) continue
    const message = `jwtKeys need "${key}" beside them, or a token that is not for this sandbox could open it.`
    problems.error('missing_setting', [...PATH, key], message)
  }
}

function readKey(raw: RawKey, path: readonly PathSegment[], context: ReadContext): JwtKeyConfig {
  const id = raw.id ?? null
  // The schema takes exactly one of the two.
  const isSecret = raw.secret !== undefined
  const place = [...path, isSecret ? 'secret' : 'publicKey']
  const reference =
    raw.secret === undefined
      ? publicReference(raw.publicKey ?? '', place, context)
      : readSecret(raw.secret, place, context, context.problems)
  try {
    const text = resolveSecret(reference, context.env)
    if (isSecret) loadSecretKey(text, id)
    else loadPublicKey(text, id)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    if ('literal' in reference) context.problems.error('invalid_value', place, `This key ${why}.`)
    else context.problems.notice('unusable_key', place, unusableKeyMessage(why))
  }
  return isSecret ? { id, secret: reference } : { id, publicKey: reference }
}

/** What a person reads about a key that cannot be used; `why` says what the key is or does. */
export function unusableKeyMessage(why: string): string {
  return `No token can be verified with this key: ${why}.`
}

/** A public key may stand in the file: it is no secret. */
function publicReference(
  raw: RawReference,
  place: readonly PathSegment[],
  context: ReadContext,
): SecretReference {
  const { problems } = context
  if (typeof raw === 'string') {
    const variable = problems.expansions.at(place)?.variable ?? null
    return variable === null ? { literal: raw } : { env: variable }
  }
  if (isJwk(raw)) return { literal: JSON.stringify(raw) }
  return 'file' in raw ? readFileReference(raw.file, [...place, 'file'], context, problems) : raw
}

function isJwk(raw: Exclude<RawReference, string>): raw is { kty: string } {
  return 'kty' in raw
}
