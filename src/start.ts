/**
 * The first file of the program that runs: loads the others, for `whatsappd run` with what V8 made of them at an earlier start. That is
 * kept in the state directory, where no other user can write it. `WHATSAPPD_CODE_CACHE=off` switches it off.
 */
import { dirname, join } from 'node:path'
import { cachedDataVersionTag } from 'node:v8'
import { codeCacheDirectory } from './cli/serve/code-cache-directory.ts'
import { readCacheFile, writeCacheFile } from './code-cache/cache-file.ts'
import { ProgramFiles } from './code-cache/program-files.ts'
import { ProgramLoader } from './code-cache/program-loader.ts'

/** What all the files of the program are, as one text. The build puts it here. */
declare const BUILD_ID: string

/** After that the daemon shows its first QR, or is connected. */
const SAVE_AFTER_MS = 3_000
/** A start with a link needs more of the program than one without, and comes later. */
const ROUNDS = 3

/** Runs a file of the program, `main.js` or `evaluation-worker.js`. */
export function start(name: string): void {
  const files = new ProgramFiles(join(dirname(__filename), 'program.pack'))
  // In the middle of an update.
  if (files.digest !== BUILD_ID)
    throw new Error('the files of whatsappd are of two versions: install it anew')
  const directory = name === 'main.js' ? codeCacheDirectory(process.argv.slice(2), process.env) : null
  const key = [BUILD_ID, process.version, process.arch, cachedDataVersionTag()].join(' ')
  const known = directory === null ? null : readCacheFile(directory, key)
  const loader = new ProgramLoader(files, join(dirname(__filename), 'program'), known?.scripts ?? [])
  loader.load(name)
  if (directory === null) return
  const timer = setTimeout(() => {
    const round = (known?.round ?? 0) + 1
    if (loader.isIncomplete || round <= ROUNDS) void writeCacheFile(directory, key, round, loader.cache())
  }, SAVE_AFTER_MS)
  timer.unref()
}
