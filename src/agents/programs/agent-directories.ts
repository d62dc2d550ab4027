import { isAbsolute } from 'node:path'
import type { AccountConfig } from '../../config/model.ts'
import { workingDirectory } from './working-directory.ts'

/** Where the programs of the agents of these accounts work or would work. Creates nothing, and leaves out what cannot be told. */
export function agentDirectories(
  accounts: Readonly<Record<string, Pick<AccountConfig, 'agents'>>>,
  host: { environment: NodeJS.ProcessEnv; stateDirectory: string },
): string[] {
  return Object.entries(accounts).flatMap(([account, { agents }]) =>
    Object.entries(agents).flatMap(([id, { settings }]) => {
      const { workingDirectory: named } = settings
      const place = typeof named === 'string' ? named : undefined
      try {
        const shown = (_setting: string, value: string): string => value
        return [workingDirectory(place, { ...host, account, id, shown }, { create: false })]
      } catch {
        return place !== undefined && isAbsolute(place) ? [place] : []
      }
    }),
  )
}
