import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { accountDirectoryOf } from '../../../../../accounts/life/account-directory-of.ts'
import type { DoctorFacts } from '../../doctor-facts.ts'

export interface AccountDirectory {
  account: string
  directory: string
  /** The config names it; otherwise it is what an account has left. */
  isConfigured: boolean
}

/** What exists of accounts: where the config says, and what else is in the state directory. Never throws. */
export function accountDirectories({ config, stateDirectory }: DoctorFacts): AccountDirectory[] {
  const configured = Object.entries(config?.accounts ?? {}).map(([account, settings]) => ({
    account,
    directory: accountDirectoryOf(settings, stateDirectory, account),
    isConfigured: true,
  }))
  const known = new Set(configured.map(({ directory }) => directory))
  const others = namesIn(join(stateDirectory, 'accounts'))
    .map((account) => ({
      account,
      directory: accountDirectoryOf(undefined, stateDirectory, account),
      isConfigured: false,
    }))
    .filter(({ directory }) => !known.has(directory) && existsSync(join(directory, 'account.db')))
  return [...configured, ...others].filter(({ directory }) => existsSync(directory))
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [entry.name] : [],
    )
  } catch {
    return []
  }
}
