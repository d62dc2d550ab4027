import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const REPOSITORY = join(import.meta.dirname, '../..')
const OWN_MODULES = join(REPOSITORY, 'node_modules')

/**
 * The package installed into an empty folder, as npm does it, from what is installed here: what `npm pack` makes, what it
 * depends on, and nothing else that this repository has. `dist/` must be built.
 */
export class InstalledPackage {
  readonly folder: string
  /** The path of the command. */
  readonly program: string

  constructor(folder: string) {
    this.folder = folder
    this.program = join(folder, 'node_modules/.bin/whatsappd')
    const packed = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
      cwd: REPOSITORY,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const [tarball] = JSON.parse(packed) as { filename: string }[]
    if (tarball === undefined) throw new Error('npm packed nothing')
    const installed = join(folder, 'node_modules/whatsappd')
    mkdirSync(installed, { recursive: true })
    execFileSync('tar', ['-xzf', join(folder, tarball.filename), '-C', installed, '--strip-components=1'])
    for (const name of dependenciesOf(installed)) this.add(name)
    mkdirSync(dirname(this.program))
    symlinkSync('../whatsappd/dist/main.js', this.program)
    writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }')
  }

  /** Another package beside it, with what that depends on. Copied: a link would lead back to everything that is installed here. */
  add(name: string): void {
    const target = join(this.folder, 'node_modules', name)
    if (existsSync(target)) return
    mkdirSync(dirname(target), { recursive: true })
    cpSync(join(OWN_MODULES, name), target, { recursive: true })
    for (const dependency of dependenciesOf(target)) this.add(dependency)
  }
}

function dependenciesOf(directory: string): string[] {
  const { dependencies = {} } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>
  }
  return Object.keys(dependencies)
}
