import { readFileSync } from 'node:fs'
import type { SecretReference } from './config.ts'

/** The secret behind a reference, read now. Throws an `Error` that names the place and never the value. */
export function resolveSecret(reference: SecretReference, env: NodeJS.ProcessEnv): string {
  if ('literal' in reference) return reference.literal
  if ('env' in reference) {
    const value = env[reference.env]
    if (value === undefined || value === '')
      throw new Error(`the environment variable ${reference.env} is not set`)
    return value
  }
  const value = readFileSync(reference.file, 'utf8').trim()
  if (value === '') throw new Error(`the secret file ${reference.file} is empty`)
  return value
}
