import type { SecretReference } from '../model.ts'

/** Where a secret stands, for people to read: never the secret. `shownPath` is what may be shown of a file's path. */
export function secretPlace(
  reference: SecretReference,
  shownPath: (path: string) => string = (path) => path,
): string {
  if ('env' in reference) return `the environment variable ${reference.env}`
  if ('file' in reference) return `the file ${shownPath(reference.file)}`
  return 'written in the config file itself'
}
