import { accessSync, constants, existsSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { isTightenable, refuseLooseDirectory } from '../../../../storage/files/private-directory.ts'
import { networkFileSystem } from '../../../../storage/files/network-file-system.ts'
import { quoted } from '../../../../storage/files/quoted.ts'
import { reason } from '../../../../protocol/reasons.ts'
import { toStorageError } from '../../../../storage/storage-error.ts'
import { type Check, fine, type Found, problem, warning } from '../check.ts'
import { capitalized } from '../../../../text/sentence.ts'

const MEBIBYTE = 1_048_576
/** A day of an account with much to say, and less than which nothing is stored reliably. */
const LITTLE_SPACE = 200 * MEBIBYTE
const NO_SPACE = 20 * MEBIBYTE

/** Of the directory that holds the link and the messages. */
export const STATE_CHECKS: readonly Check[] = [
  {
    id: 'state.directory',
    looksAt: 'owner and mode of the state directory, and whether it can be written',
    look: ({ stateDirectory: directory }) => {
      if (!existsSync(directory))
        return [
          warning(
            `${directory} does not exist yet.`,
            'The first start of the daemon creates it: whatsappd run.',
          ),
        ]
      try {
        if (isTightenable(directory))
          return [
            warning(`${directory} is open to other users.`, 'The next start of the daemon makes it 0700.'),
          ]
        refuseLooseDirectory(directory)
        accessSync(directory, constants.W_OK | constants.X_OK)
      } catch (error) {
        // The detail of most is what is wrong and what to do.
        const { reason: code, detail } = toStorageError(error, directory)
        const [what = detail, ...cures] = detail.split('; ')
        const cure = capitalized(cures.join('; '))
        return [problem(`${what}.`, cure === '' ? reason(code).action : `${cure}.`)]
      }
      const kind = networkFileSystem(directory)
      return [
        kind === null
          ? fine(`${directory} is open to its owner alone.`)
          : warning(
              `${directory} is on a network file system (${kind}), where locks may not hold.`,
              'Name a local disk with WHATSAPPD_STATE_DIR; where several hosts share it, set whatsappd.lock.',
            ),
      ]
    },
  },
  {
    id: 'state.space',
    looksAt: 'free space on the disk of the state directory',
    look: ({ stateDirectory }) => [spaceAt(stateDirectory)],
  },
]

function spaceAt(directory: string): Found {
  const place = existsSync(directory) ? directory : existingParent(directory)
  const { bavail, bsize } = statfsSync(place)
  const free = bavail * bsize
  const text = `${Math.floor(free / MEBIBYTE)} MiB are free at ${place}.`
  const cure = `Make room on the disk that holds ${quoted(place)}: without it no message is taken in.`
  if (free < NO_SPACE) return problem(text, cure)
  return free < LITTLE_SPACE ? warning(text, cure) : fine(text)
}

function existingParent(directory: string): string {
  const parent = dirname(directory)
  return existsSync(parent) || parent === directory ? parent : existingParent(parent)
}
