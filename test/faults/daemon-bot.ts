import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { ASSISTANT_ID } from './assistants/assistant.ts'
import type { Bot, BotSetting, DeviceIdentity } from './bot.ts'
import { DaemonProcess } from './daemon-process.ts'
import { readStoredMessages, type StoredMessages } from './programs/stored-messages.ts'
import { readIdentity } from './read-identity.ts'
import { inSoundCopy } from './sound-copy.ts'

const START_LIMIT_MS = 60_000
const CONTROL_LIMIT_MS = 2_000
const POLL_MS = 20
/** Beyond any clock jump of a run, so that nothing is too old to be answered. */
const CATCH_UP_MINUTES = 10_000

/** Everywhere, and as busy as it gets. */
const ACK_REACTION = { emoji: 'eyes', direct: true, group: 'always', removeAfterReply: true }

/** The daemon as a user runs it: built, with a config file, told things over the control plane with the local token. */
export class DaemonBot extends DaemonProcess implements Bot {
  readonly name = 'ours'
  readonly takesOrders = true
  readonly answersOwner = true
  readonly answersGroups = true
  readonly #database: string
  readonly #log: string

  constructor(program: string, setting: BotSetting) {
    const { clockFile, fullFile } = setting
    const configPath = join(setting.directory, 'sandbox.config.json5')
    const stateDir = join(setting.stateDirectory, 'state')
    super({ program, configPath, stateDir, port: 0, clockFile, fullFile })
    this.#database = join(stateDir, 'accounts', 'default', 'account.db')
    this.#log = join(stateDir, 'daemon.db')
    const { allowFrom, assistant, directory, groups, reacts, webhook, webSocketUrl, noiseRootKey } = setting
    const whatsapp = {
      allowFrom,
      groups: Object.fromEntries(groups.map((jid) => [jid, { requireMention: false }])),
      pace: { perMinute: 100_000, perHour: 1_000_000, firstContactsPerDay: 1_000 },
      ...(webhook === null ? {} : { webhooks: [webhook] }),
      catchUp: { maxAgeMinutes: CATCH_UP_MINUTES },
      // Until it is handed back, whatever the clock does.
      takeover: { minutes: 500_000, answerMissed: true },
      ...(reacts ? { ackReaction: ACK_REACTION } : {}),
      ...(assistant === null ? {} : { agents: { [ASSISTANT_ID]: assistant.settings(directory) } }),
    }
    const whatsappd = { whatsapp: { webSocketUrl, noiseRootKey }, log: { level: 'info', format: 'json' } }
    writeFileSync(configPath, JSON.stringify({ channels: { whatsapp }, whatsappd }, null, 2))
  }

  async firstQr(): Promise<string> {
    const deadline = performance.now() + START_LIMIT_MS
    while (this.controlPlane() === null) {
      if (performance.now() > deadline || !this.isRunning)
        throw new Error(`the daemon did not come up:\n${this.tail}`)
      await delay(POLL_MS)
    }
    const offer = await this.ask((client) => client.request('accounts.link', { method: 'qr' }))
    if (offer.method !== 'qr') throw new Error('asked for a QR and got something else')
    return offer.qr
  }

  async reconnect(): Promise<void> {
    if (this.controlPlane() === null) return
    try {
      await this.ask((client) =>
        client.request('accounts.reconnect', { account: 'default' }, { timeoutMs: CONTROL_LIMIT_MS }),
      )
    } catch {
      // Killed, paused or blocked meanwhile: whoever wants the connection asks again.
    }
  }

  storedMessages(): StoredMessages {
    return readStoredMessages({ account: this.#database, daemon: this.#log })
  }

  identity(): DeviceIdentity | null {
    try {
      const row = inSoundCopy(this.#database, (database) =>
        database.prepare('SELECT value FROM credentials WHERE id = 1').get(),
      )
      // The table's one column.
      return readIdentity((row as { value: string }).value)
    } catch {
      return null
    }
  }
}
