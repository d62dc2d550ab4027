import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const INSTALL_TIMEOUT_MS = 300_000

/**
 * The path of a Node of this version, such as `24`: what npm's package `node` would install on this platform, fetched once for this machine and kept in
 * its temporary directory. Throws where npm cannot get it.
 */
export function fetchNode(version: string): string {
  const platform = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  const directory = join(tmpdir(), `whatsappd-node-${version}`)
  const program = join(directory, 'node_modules', platform, 'bin/node')
  if (existsSync(program)) return program
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, 'package.json'), '{ "private": true }')
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', `${platform}@${version}`], {
    cwd: directory,
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: INSTALL_TIMEOUT_MS,
  })
  return program
}
