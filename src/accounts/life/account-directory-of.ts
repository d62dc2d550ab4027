import { join } from 'node:path'
import type { AccountConfig } from '../../config/model.ts'

/** Where the files of an account are: as the config says, or in the state directory. */
export function accountDirectoryOf(
  config: Pick<AccountConfig, 'authDir'> | undefined,
  stateDir: string,
  id: string,
): string {
  return config?.authDir ?? join(stateDir, 'accounts', id)
}
