import { statSync } from 'node:fs'
import { ConfigMount } from './config-mount.ts'
import { replaceFile } from './replace-file.ts'

/**
 * Replaces an included file, whose path has no links, by a new one with its mode and owner; on disk when it resolves. `guard` runs
 * right before and may throw. Rejects with what the file system says, and with `EBUSY` for a file whose name no other one can take.
 */
export async function writeIncluded(
  { path, text }: { path: string; text: string },
  guard: () => void,
): Promise<void> {
  const old = statSync(path)
  if (old.nlink > 1 || new ConfigMount(path).isFile())
    throw Object.assign(new Error('the file has another name, or is mounted by itself'), { code: 'EBUSY' })
  await replaceFile(path, text, { mode: old.mode & 0o7777, owner: old, guard })
}
