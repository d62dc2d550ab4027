import type { Bot } from '../bots/bot.ts'
import type { OurBotOptions } from '../bots/ours.ts'
import { CONTACT } from '../whatsapp/cast.ts'
import type { SimulatorClient } from '../whatsapp/simulator-client.ts'
import type { GroupSettings } from './group.ts'
import type { Measurement } from './measurement.ts'

/** A bot that is linked to a fresh simulator; its contact is allowed. */
export async function linkedBot(
  subject: Bot['name'],
  settings: GroupSettings,
  measurement: Measurement,
  o: { options?: Partial<OurBotOptions>; allowFrom?: readonly string[]; contacts?: readonly string[] } = {},
): Promise<{ bot: Bot; simulator: SimulatorClient; firstQrMs: number }> {
  const simulator = measurement.simulator()
  const bot = measurement.bot(subject, settings, o.options)
  const server = await measurement.step('the start of the simulator', simulator.start(o.contacts))
  const { qr, firstQrMs } = await measurement.step(
    'the first QR',
    bot.start(server, o.allowFrom ?? [CONTACT]),
  )
  await measurement.step('the scan', simulator.ask('scan', { qr }))
  await measurement.step('linking', bot.connected())
  return { bot, simulator, firstQrMs }
}
