import { StorageError, toStorageError } from '../../storage-error.ts'

/** A failure with a draft, as one that names the file that the person knows. What is no error of the disk stays as it is. */
export function inWordsOf(source: string, draft: string, error: unknown): unknown {
  if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return error
  const { reason, detail, cause } = toStorageError(error, source)
  return new StorageError(reason, detail.replaceAll(draft, source), cause)
}
