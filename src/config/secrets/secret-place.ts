import type { SecretReference } from '../model.ts'

/** Where a secret stands, for people to read: never the secret. */
export function secretPlace(reference: SecretReference): string {
  if ('env' in reference) return `the environment variable ${reference.env}`
  if ('file' in reference) return `the file ${reference.file}`
  return 'written in the config file itself'
}
