import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { BUILT_MAIN } from '../support/command-line.ts'

// What a package manager puts in the place of the program while it runs, or takes away, answered every HTTP request with nothing.
it('a daemon whose package is updated under it goes on as what it was, also with what it loads late', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'whatsappd-update-'))
  const root = join(dirname(BUILT_MAIN), '..')
  cpSync(dirname(BUILT_MAIN), join(directory, 'dist'), { recursive: true })
  cpSync(join(root, 'package.json'), join(directory, 'package.json'))
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'))
  const config = join(directory, 'sandbox.config.json5')
  const stateDir = join(directory, 'state')
  writeFileSync(config, '{ channels: { whatsapp: { allowFrom: [] } } }')
  const run = ['run', '--config', config, '--state-dir', stateDir, '--port', '0']
  const child = spawn(process.execPath, [join(directory, 'dist', 'main.js'), ...run], {
    env: { PATH: process.env['PATH'], HOME: directory },
    stdio: 'ignore',
  })
  const exited = new Promise((resolve) => child.once('exit', resolve))
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exited
    rmSync(directory, { recursive: true, force: true })
  })
  const info = join(stateDir, 'daemon.json')
  await expect.poll(() => existsSync(info) && readFileSync(info, 'utf8'), { timeout: 60_000 }).toMatch(/\}$/)

  rmSync(join(directory, 'dist'), { recursive: true })

  // Written by the daemon.
  const { host, port } = JSON.parse(readFileSync(info, 'utf8')) as { host: string; port: number }
  const answers = await Promise.all(
    ['/livez', '/', '/v1/accounts'].map((path) => fetch(`http://${host}:${port}${path}`)),
  )
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 401])
})
