import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import type { SecretReference } from '../model.ts'

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
  const { file, written } = reference
  const value = readSecretFile(file, written).trim()
  if (value === '') throw new Error(`the secret file ${written ?? file} is empty`)
  return value
}

/** Never waits for a pipe, and never reads a device that has no end. `written` is what people read in place of the path. */
function readSecretFile(path: string, written: string | undefined): string {
  try {
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      const stat = fstatSync(file)
      if (!stat.isFile() || stat.size > MAX_FILE_BYTES)
        throw new Error(`${written ?? path} is no secret file`)
      return readFileSync(file, 'utf8')
    } finally {
      closeSync(file)
    }
  } catch (error) {
    if (written === undefined || !(error instanceof Error && 'code' in error)) throw error
    throw new Error(`the secret file ${written} cannot be read (${String(error.code)})`, { cause: error })
  }
}
