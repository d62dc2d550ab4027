import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { BusinessPlatform } from '../../src/simulator/business/business-platform.ts'
import { CommandLine } from '../support/command-line.ts'
import { ALICE } from '../support/stack.ts'

const PRELOAD = new URL('../support/kill-at-answer.mjs', import.meta.url).href

// WhatsApp posts again what was not answered with 200: that must count once. What was answered so it forgets: that must not be lost.
it.each(['before', 'after'])(
  'a message is answered once by a daemon that dies %s it tells WhatsApp that it has it',
  async (when) => {
    const home = mkdtempSync(join(tmpdir(), 'whatsappd-webhook-'))
    const platform = await BusinessPlatform.start()
    const number = platform.addNumber({ phoneNumber: '+15550009000', name: 'Corner Shop' })
    const alice = platform.addPerson({ phoneNumber: ALICE, name: 'Alice' })
    let command: CommandLine | null = null
    onTestFinished(async () => {
      command?.signal('SIGKILL')
      await command?.exit
      await platform.stop()
      rmSync(home, { recursive: true, force: true })
    })
    const { phoneNumberId, businessAccountId, accessToken, appSecret, verifyToken } = number
    const { baseUrl } = platform
    const cloudApi = { phoneNumberId, businessAccountId, accessToken, appSecret, verifyToken, baseUrl }
    const whatsapp = { transport: 'cloud-api', cloudApi, allowFrom: [ALICE] }
    const configPath = join(home, 'sandbox.config.json5')
    writeFileSync(configPath, JSON.stringify({ channels: { whatsapp } }))
    const armed = join(home, 'kill-at')
    const start = async (port: string): Promise<string> => {
      const how = ['run', '--config', configPath, '--state-dir', join(home, 'state'), '--port', port]
      command = new CommandLine(how, { NODE_OPTIONS: `--import ${PRELOAD}`, KILL_AT_ANSWER: armed })
      const [, host = '', running = ''] = await command.waitFor(/is running on (\S+), port (\d+)/)
      await command.waitFor(/default: connected/)
      return `http://${host}:${running}`
    }
    const seen = (): string[] => alice.seen(number).texts.map(({ text }) => text)

    const url = await start('0')
    await platform.subscribe(number, `${url}/webhooks/whatsapp/default`)
    writeFileSync(armed, `${when} /webhooks/whatsapp/`)
    alice.write(number, 'once')
    // The only way out: the daemon dies in its answer.
    await (command as CommandLine | null)?.exit
    expect(seen()).toEqual([])
    rmSync(armed)
    await start(new URL(url).port)
    await expect.poll(seen, { timeout: 30_000 }).toEqual(['once'])
    // What was not answered was posted again by now.
    await platform.settled()
    alice.write(number, 'and again')
    await expect.poll(seen, { timeout: 30_000 }).toEqual(['once', 'and again'])
  },
)
