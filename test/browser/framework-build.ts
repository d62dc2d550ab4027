import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

export type Framework = 'angular' | 'next' | 'svelte'

const HERE = join(import.meta.dirname, 'frameworks')
const isInstalled = existsSync(join(HERE, 'node_modules/next/package.json'))
if (!isInstalled) console.warn(`no test of Angular, Next and Svelte: run "npm ci --prefix ${HERE}"`)

/** Those whose packages are installed: they have a package of their own, so that nothing but these tests installs them. */
export const FRAMEWORKS: readonly Framework[] = isInstalled ? ['svelte', 'angular', 'next'] : []

const directories: string[] = []
const built = new Map<Framework, Promise<string>>()

/** The directory with the guide's example, built for production once in a test file, which removes it at the end. */
export function frameworkBuild(framework: Framework): Promise<string> {
  const directory = built.get(framework) ?? build(framework)
  built.set(framework, directory)
  return directory
}

export function removeFrameworkBuilds(): void {
  built.clear()
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true })
}

async function build(framework: Framework): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), `whatsappd-${framework}-`))
  directories.push(directory)
  await promisify(execFile)(process.execPath, [join(HERE, 'build.mjs'), framework, directory])
  return directory
}
