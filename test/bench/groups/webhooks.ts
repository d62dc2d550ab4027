import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { BusinessPlatform } from '../../../src/simulator/business/business-platform.ts'
import { signatureHeaders } from '../../../src/simulator/business/webhooks/webhook-body.ts'
import { percentile } from '../report/percentile.ts'
import { CONTACT } from '../whatsapp/cast.ts'
import type { Group } from './group.ts'

const BUSINESS = '+15550100009'
const WARM_UP = 50
const POSTS = 500
const AT_ONCE = 20

/** Meta posts what people wrote to a Business number; the answer says that it is on the disk. */
export const webhooks: Group = {
  summary: "Meta's webhook, from the POST to the answer that says that the update is stored",
  subjects: ['ours'],
  rounds: 3,
  limitMs: 300_000,
  isUsual: false,
  figures: {
    webhookP50: { label: 'webhook to durable, one at a time, median', unit: 'ms' },
    webhookP99: { label: 'webhook to durable, one at a time, p99', unit: 'ms' },
    webhookThroughput: { label: `webhooks, ${AT_ONCE} at once`, unit: '1/s' },
  },
  measure: async (_, settings, measurement) => {
    const platform = measurement.own(await BusinessPlatform.start())
    const number = platform.addNumber({ phoneNumber: BUSINESS, name: 'Corner Shop' })
    const person = platform.addPerson({ phoneNumber: CONTACT, name: 'Contact' })
    const { phoneNumberId, businessAccountId, accessToken, appSecret, verifyToken } = number
    const cloudApi = { phoneNumberId, businessAccountId, accessToken, appSecret, verifyToken }
    const bot = measurement.ours(settings, {
      channel: {
        transport: 'cloud-api',
        cloudApi: { ...cloudApi, baseUrl: platform.baseUrl, mediaHosts: [platform.mediaHost] },
      },
    })
    await measurement.step('the start', bot.open(null, [CONTACT]))
    await measurement.step('the Business number', bot.untilConnected('default'))
    const url = new URL(`http://${bot.authority}/webhooks/whatsapp/default`)
    await measurement.step('the subscription', platform.subscribe(number, url.href))
    const agent = measurement.own(new KeptConnections())
    let serial = 0
    const post = (): Promise<number> => {
      const body = bodyOf(++serial, { phoneNumberId, businessAccountId, from: person.waId })
      return postOnce(url, body, signatureHeaders(body, appSecret), agent.agent)
    }
    for (let sent = 0; sent < WARM_UP; sent += 1) await measurement.step('a webhook', post())
    const tookMs: number[] = []
    for (let sent = 0; sent < POSTS; sent += 1) tookMs.push(await measurement.step('a webhook', post()))
    const startedAt = performance.now()
    const lane = async (): Promise<void> => {
      for (let sent = 0; sent < POSTS / AT_ONCE; sent += 1) await post()
    }
    await measurement.step('many webhooks', Promise.all(Array.from({ length: AT_ONCE }, lane)))
    return {
      webhookP50: percentile(tookMs, 0.5),
      webhookP99: percentile(tookMs, 0.99),
      webhookThroughput: POSTS / ((performance.now() - startedAt) / 1_000),
    }
  },
}

/** As Meta keeps them open. */
class KeptConnections {
  readonly agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })

  stop(): void {
    this.agent.destroy()
  }
}

/** A text message, as Meta posts it. */
function bodyOf(
  serial: number,
  {
    phoneNumberId,
    businessAccountId,
    from,
  }: { phoneNumberId: string; businessAccountId: string; from: string },
): string {
  const timestamp = String(Math.floor(Date.now() / 1_000))
  const message = {
    from,
    id: `wamid.bench${serial}`,
    timestamp,
    type: 'text',
    text: { body: `message ${serial}` },
  }
  const value = {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: BUSINESS.slice(1), phone_number_id: phoneNumberId },
    contacts: [{ profile: { name: 'Contact' }, wa_id: from }],
    messages: [message],
  }
  const entry = [{ id: businessAccountId, changes: [{ field: 'messages', value }] }]
  return JSON.stringify({ object: 'whatsapp_business_account', entry })
}

/** Milliseconds until the whole answer is there. */
async function postOnce(
  url: URL,
  body: string,
  headers: Record<string, string>,
  agent: Agent,
): Promise<number> {
  const startedAt = performance.now()
  const sent = request(url, {
    agent,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
  })
  sent.end(body)
  // The event carries one response.
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  response.resume()
  await once(response, 'end')
  if (response.statusCode !== 200) throw new Error(`a webhook was answered with ${response.statusCode}`)
  return performance.now() - startedAt
}
