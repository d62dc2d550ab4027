/** What is taken out of the sandbox of a Business number: exports and backups hold what was said, and no token. */
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { BusinessDaemon } from '../../support/business-daemon.ts'
import { CommandLine } from '../../support/command-line.ts'
import { pngFile } from '../../support/media-files.ts'
import { rawWords } from '../../support/raw-search.ts'

const NOTHING = {
  phoneNumberId: undefined,
  businessAccountId: undefined,
  accessToken: undefined,
  appSecret: undefined,
  verifyToken: undefined,
}
const VERIFY = 'verify-token-of-the-dashboard'
const PIN = '246813'

let daemon: BusinessDaemon
let out: string
const run = (...words: string[]) =>
  CommandLine.run(words, { WHATSAPPD_STATE_DIR: daemon.stateDir, SANDBOX_CONFIG: daemon.configPath })
const secrets = (): string[] => [daemon.number.accessToken, daemon.number.appSecret, VERIFY, PIN]

const linesOf = ({ stdout }: { stdout: string }): unknown[] =>
  stdout
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line))

/** Connected from a dashboard, so that the daemon itself keeps everything; a picture was sent and answered. */
beforeEach(async () => {
  daemon = await BusinessDaemon.start({
    cloudApi: NOTHING,
    channel: { transport: undefined },
    number: { state: { status: 'PENDING', platform: 'NOT_APPLICABLE', pin: PIN } },
    subscribes: false,
  })
  out = join(daemon.directory, 'out')
  mkdirSync(out)
  const { phoneNumberId, businessAccountId, accessToken, appSecret } = daemon.number
  await daemon.accounts.connectBusiness('default', {
    phoneNumberId,
    businessAccountId,
    accessToken,
    appSecret,
    verifyToken: VERIFY,
    pin: PIN,
  })
  await daemon.untilState('connected')
  daemon.number.app.verifyToken = VERIFY
  await daemon.platform.subscribe(daemon.number, daemon.callbackUrl)
  daemon.alice.sendFile(daemon.number, {
    kind: 'image',
    data: pngFile(8, 8),
    mimeType: 'image/png',
    caption: 'a picture for you',
  })
  await daemon.untilSeen(daemon.alice, /a picture for you/)
  // They are on this disk, so that the search below finds what it looks for.
  expect(rawWords(daemon.stateDir, secrets()).length).toBeGreaterThan(0)
})
afterEach(() => daemon.stop())

it('exports hold what was said and no token, with a daemon and without', async () => {
  const online = await run('export', '--media', join(out, 'online'))
  expect(online).toMatchObject({ code: 0 })
  expect(online.stdout).toContain('a picture for you')
  await daemon.stopDaemon()
  const offline = await run('export', '--media', join(out, 'offline'))
  expect(offline).toMatchObject({ code: 0 })
  expect(linesOf(offline)).toEqual(linesOf(online))
  for (const secret of secrets()) expect(online.stdout + offline.stdout).not.toContain(secret)
  expect(rawWords(out, secrets())).toEqual([])
})

it('a backup holds no token; restored elsewhere the history is there, and the number is connected again', async () => {
  const copy = join(out, 'copy.db')
  expect(await run('backup', copy)).toMatchObject({ code: 0 })
  expect(rawWords(out, secrets())).toEqual([])
  await daemon.stopDaemon()

  const elsewhere = join(daemon.directory, 'elsewhere')
  const restored = await CommandLine.run(['restore', copy, '--yes'], {
    WHATSAPPD_STATE_DIR: elsewhere,
    SANDBOX_CONFIG: daemon.configPath,
  })
  expect(restored).toMatchObject({ code: 0 })
  expect(existsSync(join(elsewhere, 'accounts/default/business.json'))).toBe(false)
  const exported = await CommandLine.run(['export'], {
    WHATSAPPD_STATE_DIR: elsewhere,
    SANDBOX_CONFIG: daemon.configPath,
  })
  expect(exported).toMatchObject({ code: 0 })
  expect(exported.stdout).toContain('a picture for you')

  // In its own place a restored copy is used with what is stored beside it.
  expect(await run('restore', copy, '--yes')).toMatchObject({ code: 0 })
  await daemon.startDaemon()
  await daemon.untilState('connected')
  await daemon.platform.subscribe(daemon.number, daemon.callbackUrl)
  daemon.alice.write(daemon.number, 'and now?')
  await daemon.untilSeen(daemon.alice, 'and now?')
})
