import { readFileSync, statSync } from 'node:fs'
import type { SecretReference } from './config.ts'

const MAX_FILE_BYTES = 64 * 1_024

/** The secret behind a reference, read now. Throws an `Error` that names the place and never the value. */
export function resolveSecret(reference: SecretReference, env: NodeJS.ProcessEnv): string {
  if ('literal' in reference) return reference.literal
  if ('env' in reference) {
    const value = env[reference.env]
    if (value === undefined || value === '')
      throw new Error(`the environment variable ${reference.env} is not set`)
    return value
  }
  const stat = statSync(reference.file)
  // Reading a pipe would wait for ever, and a device never end.
  if (!stat.isFile() || stat.size > MAX_FILE_BYTES) throw new Error(`${reference.file} is no secret file`)
  const value = readFileSync(reference.file, 'utf8').trim()
  if (value === '') throw new Error(`the secret file ${reference.file} is empty`)
  return value
}
