import type { Logger } from 'pino'
import { EditJournal } from './edit-journal.ts'

/** Finishes an edit of the config file that a crash interrupted. For the one process that edits the file. Never throws. */
export function repairConfig(configPath: string, stateDir: string, logger: Logger): void {
  try {
    if (new EditJournal(stateDir, configPath).repair())
      logger.warn({ file: configPath }, 'an interrupted edit of the config file was finished')
  } catch (error) {
    logger.error({ err: error }, 'an interrupted edit of the config file could not be finished')
  }
}
