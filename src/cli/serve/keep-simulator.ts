import { existsSync, readFileSync } from 'node:fs'
import type { Simulator } from '../../simulator/simulator.ts'
import { writePrivateFile } from '../../storage/files/write-private-file.ts'
import { CommandFailure } from '../command-failure.ts'

/** Between a change of the simulated phones and the file that has it. */
const SAVE_AFTER_MS = 200

/**
 * Takes up the phones, links and groups that are kept at `path`, and keeps what changes: `path` exists from now on. Answers
 * how to stop. Throws `CommandFailure`.
 */
export async function keepSimulator(simulator: Simulator, path: string): Promise<() => void> {
  // With it comes Baileys.
  const { restoreState, saveState } = await import('../../simulator/saved-state.ts')
  if (existsSync(path)) {
    try {
      restoreState(simulator, readFileSync(path, 'utf8'))
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw new CommandFailure(
        `the simulated phones in ${path} cannot be read: ${why}; remove the directory to begin anew`,
        { cause: error },
      )
    }
  }
  let saved = ''
  const save = (): void => {
    const state = saveState(simulator)
    if (state !== saved) writePrivateFile(path, state)
    saved = state
  }
  save()
  // Changes come in groups; one that a kill takes away is a link that both sides can make again.
  let timer: NodeJS.Timeout | undefined
  const stopListening = simulator.onChange(() => {
    timer ??= setTimeout(() => {
      timer = undefined
      save()
    }, SAVE_AFTER_MS)
  })
  return () => {
    stopListening()
    clearTimeout(timer)
    save()
  }
}
