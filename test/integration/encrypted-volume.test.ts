/**
 * The state directory on an encrypted volume, made by the commands of docs/security.md as they stand: what people said is on the disk in
 * no readable form, the daemon works after a kill, and without the key nothing starts and nothing is linked over.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Simulator } from '../../src/simulator/simulator.ts'
import { OurBot } from '../bench/bots/ours.ts'
import { BUILT_MAIN } from '../support/command-line.ts'
import { FuseMount } from '../support/fuse-mount.ts'
import { ALICE, OWNER } from '../support/stack.ts'

const ROOT = join(import.meta.dirname, '../..')
const SECRET = 'the-secret-word-of-this-test'

const obstacle =
  spawnSync('gocryptfs', ['-version']).status === 0 ? FuseMount.obstacle() : 'gocryptfs is not installed'
if (obstacle !== null) console.warn(`no test of encrypted volumes: ${obstacle}`)

/** The block of the page that begins like that, without its installation. */
function documented(begins: string): string {
  const page = readFileSync(join(ROOT, 'docs/security.md'), 'utf8')
  const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text)
  const found = blocks.find((text) => text.startsWith(begins))
  if (found === undefined) throw new Error(`docs/security.md has no block that begins with ${begins}`)
  return found
}

describe.runIf(obstacle === null)('a state directory within gocryptfs', () => {
  let home: string
  let simulator: Simulator
  let bot: OurBot

  const bash = (text: string): void => {
    execFileSync('bash', ['-e', '-c', text], { env: { ...process.env, HOME: home }, stdio: 'pipe' })
  }
  const mount = (): void => bash(documented('gocryptfs -passfile'))
  const unmount = (): void => bash(documented('fusermount -u'))
  const encrypted = (): string => join(home, '.local/state/whatsappd.encrypted')
  const ask = async (text: string): Promise<void> => {
    const alice = simulator.phone(ALICE)
    await alice?.sendText(OWNER, text)
    await alice?.waitForText(text)
  }

  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), 'whatsappd-encrypted-'))
    mkdirSync(join(home, '.config'))
    writeFileSync(join(home, '.config/whatsappd.key'), 'a passphrase for this test\n', { mode: 0o600 })
    bash(documented('install -d -m 0700'))
    mount()
    simulator = new Simulator()
    await simulator.start()
    const { webSocketUrl, noiseRootKey } = simulator
    const owner = simulator.createPhone({ phoneNumber: OWNER, name: 'Owner' })
    simulator.createPhone({ phoneNumber: ALICE, name: 'Alice' })
    bot = new OurBot({ program: BUILT_MAIN, directory: join(home, '.local/state/whatsappd') })
    const { qr } = await bot.start({ webSocketUrl, noiseRootKey }, [ALICE])
    await owner.scan(qr)
    await bot.connected()
  })
  afterEach(async () => {
    // Its directory is the mounted one, which goes with the home.
    await bot.halt()
    await simulator.stop()
    spawnSync('fusermount', ['-u', '-z', join(home, '.local/state/whatsappd')])
    rmSync(home, { recursive: true, force: true })
  })

  it('keeps no readable word on the disk, and goes on after a kill', async () => {
    await ask(SECRET)
    const seen = (directory: string): boolean =>
      readdirSync(directory, { recursive: true, encoding: 'utf8', withFileTypes: true }).some(
        (entry) => entry.isFile() && readFileSync(join(entry.parentPath, entry.name)).includes(SECRET),
      )
    expect(seen(join(home, '.local/state/whatsappd'))).toBe(true)
    expect(seen(encrypted())).toBe(false)
    process.kill(bot.pid, 'SIGKILL')
    await bot.halt()
    await bot.resume()
    await ask('after the kill')
  })

  it('starts nothing of value without the key: the link is not there, and is there again with it', async () => {
    await bot.halt()
    unmount()
    expect(readdirSync(join(home, '.local/state/whatsappd'))).toEqual([])
    mount()
    await bot.resume()
    await ask('with the key again')
    expect(simulator.phone(OWNER)?.companions).toHaveLength(1)
  })
})
