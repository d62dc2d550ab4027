import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')
const NEEDED = ['src', 'docs', 'package.json', 'tsconfig.json', 'sandbox.config.example.json5']

/** Whether this clone has the commit; a shallow one has not, and `git fetch --unshallow` brings it. */
export function isInHistory(commit: string): boolean {
  return spawnSync('git', ['cat-file', '-e', `${commit}^{commit}`], { cwd: ROOT }).status === 0
}

/**
 * The program as it was at a commit, built from it with the packages that are installed now, once for each commit. Answers with the path of
 * its `main.js`. Throws where the commit is not in the clone.
 */
export function olderProgram(commit: string): string {
  const directory = join(ROOT, 'node_modules/.cache/whatsappd-older', commit)
  const main = join(directory, 'dist/main.js')
  if (existsSync(main)) return main
  mkdirSync(dirname(directory), { recursive: true })
  const work = mkdtempSync(`${directory}-`)
  const archive = execFileSync('git', ['archive', commit, ...NEEDED], { cwd: ROOT, maxBuffer: 256 << 20 })
  execFileSync('tar', ['-x', '-C', work], { input: archive })
  symlinkSync(join(ROOT, 'node_modules'), join(work, 'node_modules'))
  execFileSync(process.execPath, ['src/tools/build.mjs'], { cwd: work, stdio: ['ignore', 'ignore', 'pipe'] })
  // Whole or not at all, also where this is killed.
  renameSync(work, directory)
  return main
}
