import type { Check } from '../check.ts'
import { lookAtDatabases } from './stored/look-at-database.ts'
import { lookAtBackups, lookAtLeftovers, lookAtLogs, lookAtModes } from './stored/look-at-files.ts'
import { lookAtLocks, lookAtOtherHosts } from './stored/look-at-lock.ts'

/** Of what is stored, whether a daemon has it open or not: no lock is taken, and nothing is written. */
export const STORED_CHECKS: readonly Check[] = [
  {
    id: 'state.lock',
    looksAt: 'which process holds the state directory and the directories of accounts (on Linux)',
    look: lookAtLocks,
  },
  {
    id: 'state.shared',
    looksAt: 'whether another host uses the directory of an account on a shared volume',
    look: lookAtOtherHosts,
  },
  {
    id: 'state.files',
    looksAt: 'owner and mode of the directories and files of accounts',
    look: lookAtModes,
  },
  {
    id: 'state.database',
    looksAt:
      'whether each `account.db` is sound and of a version that this program knows, and, while no daemon runs, whose link is in it (`state.owner`): a cloned or restored sandbox',
    look: lookAtDatabases,
  },
  {
    id: 'state.log',
    looksAt: 'logs of databases (`-wal`) that a crash has left, or that grow',
    look: lookAtLogs,
  },
  {
    id: 'state.leftovers',
    looksAt: 'files that were set aside, and what interrupted copies have left',
    look: lookAtLeftovers,
  },
  {
    id: 'state.backup',
    looksAt: 'how old the last copy is that `whatsappd backup` made, and whether it is there',
    look: lookAtBackups,
  },
]
