import { isRecord } from '../../protocol/is-record.ts'
import type { Config, SecretReference } from '../model.ts'

/** A word of a name that holds a secret: `API_KEY`, `githubToken`, `DB_PASS`; neither `AUTHOR` nor `KEYBOARD` nor `MONKEY`. */
const SECRET_WORD =
  /^(?:pass|pw|pwd|auth|dsn|pat)$|(?<!^(?:mon|don|tur|hoc|joc|whis))keys?$|(?:token|secret|password|passwd|passphrase|passcode|authorization|credential|cred|cookie|url|uri|proxy|webhook)s?$/i
/** Variables that every process has, and no secret is in. */
const GENERAL_NAME =
  /^(?:LANG|LANGUAGE|LC_\w+|TZ|TERM|COLORTERM|PATH|SHELL|HOME|PWD|USER|LOGNAME|HOSTNAME|EDITOR|DISPLAY|NODE_ENV)$/
/** `production`, `localhost`: of somebody's environment, and in every other answer. */
const WORD = /^[A-Za-z]?[a-z]{0,14}$/
/** `chat-completions`: a part of an address that says what is there. */
const READABLE = /^[A-Z]?[a-z]+(?:[._-][A-Z]?[a-z]+)*$/
/** The last part of an address that is as long may be what gives access (`/hooks/…`). */
const SHORTEST_TOKEN = 16
/** `https://api.example.com/bot123:abc/sendMessage` */
const BOT_TOKEN = /\/bot(\d+:[\w-]+)/
const MAX_DEPTH = 8
/** More than a config can name in earnest. */
const MAX_REFERENCES = 1_000

/** A reference to a secret, and the key that it stands under. */
interface Named {
  name: string
  reference: SecretReference
}

/** Every reference to a secret in a config. Public keys are none. */
export function secretReferences({ accounts, daemon }: Config): readonly Named[] {
  const found: Named[] = []
  const walk = (value: unknown, name: string, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > MAX_DEPTH || found.length >= MAX_REFERENCES)
      return
    if (isReference(value)) found.push({ name, reference: value })
    else if (Array.isArray(value)) for (const item of value) walk(item, name, depth + 1)
    else
      for (const [key, inner] of Object.entries(value))
        if (key !== 'publicKey') walk(inner, key === 'value' ? name : key, depth + 1)
  }
  walk(daemon, '', 0)
  for (const account of Object.values(accounts)) walk(account, '', 0)
  return found
}

/**
 * What of `references` and `variables` is secret now; what cannot be read is left out. `read` may throw. A reference is there for secrets,
 * whatever its name; a variable and what stands in clear count by their names. Of an address that comes from the environment or a file the
 * token in its path is one by itself.
 */
export function secretValues(
  references: readonly Named[],
  variables: Readonly<Record<string, string>>,
  read: (reference: SecretReference) => string,
): string[] {
  const values: string[] = []
  for (const { name, reference } of references) {
    try {
      const value = read(reference)
      const isSecret =
        isSecretName(name) ||
        ('env' in reference && isSecretName(reference.env)) ||
        (!('literal' in reference) && !GENERAL_NAME.test(name) && !WORD.test(value))
      if (isSecret) values.push(value)
      if (isSecret && !('literal' in reference)) values.push(...tokensInPath(value))
    } catch {
      // Who uses it says what is wrong with it.
    }
  }
  for (const [name, value] of Object.entries(variables))
    if (isSecretName(name)) values.push(value, ...tokensInPath(value))
  return values
}

function isSecretName(name: string): boolean {
  const words = name.replaceAll(/(?<=[a-z\d])(?=[A-Z])/g, '_').split(/[^A-Za-z]+/)
  return words.some((word) => SECRET_WORD.test(word))
}

function tokensInPath(value: string): string[] {
  const url = /^https?:/i.test(value) && URL.canParse(value) ? new URL(value) : null
  const last = url?.pathname.split('/').findLast((part) => part !== '') ?? ''
  const bot = BOT_TOKEN.exec(url?.pathname ?? '')?.[1] ?? ''
  return [last, bot].filter((part) => part.length >= SHORTEST_TOKEN && !READABLE.test(part))
}

function isReference(value: object): value is SecretReference {
  if (!isRecord(value)) return false
  const keys = Object.keys(value).filter((key) => key !== 'written')
  const [key = ''] = keys
  return keys.length === 1 && ['env', 'file', 'literal'].includes(key) && typeof value[key] === 'string'
}
