import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ConfigDocument } from '../../config/document/config-document.ts'
import { setValue } from '../../config/document/set-value.ts'
import { channelSection } from '../../config/read/channel-section.ts'
import type { BusinessPlatform } from '../../simulator/business/business-platform.ts'
import type { BusinessNumber } from '../../simulator/business/management/business-number.ts'
import { demoConfigText, type DemoPeople } from './demo-config.ts'
import { requireLinkScope } from './require-link-scope.ts'
import type { Companion } from './serve-daemon.ts'

/** The number of the business in the demo; fictional. */
const DEMO_BUSINESS_NUMBER = '+15555550199'
/** How long after a message came a phone of the demo shows it to its person. */
const READ_AFTER_MS = 1_500
/** Nothing listens there: the demo reaches no WhatsApp but the simulated one. */
const NOWHERE = {
  webSocketUrl: 'ws://127.0.0.1:9/ws/chat',
  noiseRootKey: Buffer.alloc(32).toString('base64'),
}

/** The simulated Graph API with a business number and phones, and the config that leads to it. */
export async function startBusinessDemo(
  text: string,
  { configPath, people, api }: { configPath: string; people: DemoPeople; api: boolean },
): Promise<Companion> {
  const [{ BusinessPlatform }, { businessFace }, { Hono }] = await Promise.all([
    import('../../simulator/business/business-platform.ts'),
    import('../../simulator/business/http/business-face.ts'),
    import('hono'),
  ])
  let aheadMs = 0
  const clock = (): number => Date.now() + aheadMs
  const platform = await BusinessPlatform.start({ now: clock, seed: Date.now() })
  const number = platform.addNumber({
    phoneNumber: DEMO_BUSINESS_NUMBER,
    name: 'Corner Shop',
    state: { isOnBusinessApp: true },
  })
  platform.addPerson({ phoneNumber: people.alice, name: 'Alice' })
  platform.addPerson({ name: 'Carla', username: 'carla.demo' })
  const mallory = platform.addPerson({ phoneNumber: people.mallory, name: 'Mallory' })
  for (const template of DEMO_TEMPLATES) platform.addTemplate(number, template)
  const stopReading = readByThemselves(platform, number)
  const secret = (name: string, value: string): { file: string } => {
    const file = join(dirname(configPath), name)
    writeFileSync(file, value, { mode: 0o600 })
    return { file }
  }
  const cloudApi = {
    phoneNumberId: number.phoneNumberId,
    businessAccountId: number.businessAccountId,
    accessToken: secret('access-token', number.accessToken),
    appSecret: secret('app-secret', number.appSecret),
    verifyToken: secret('verify-token', number.verifyToken),
    baseUrl: platform.baseUrl,
    mediaHosts: [platform.mediaHost],
  }
  writeFileSync(configPath, businessConfigText(text, cloudApi), { mode: 0o600 })
  const face = businessFace(platform, number, (milliseconds) => {
    aheadMs += milliseconds
    // The daemon looks at its clock when something happens: the day begins with somebody's message.
    mallory.write(number, 'Good morning! Are you open today?')
  })
  const extraRoutes = new Hono().route('/simulator', face)
  // What stands under /v1 asks for a token.
  if (api) extraRoutes.use('/v1/simulator/*', requireLinkScope).route('/v1/simulator', face)
  return {
    extraRoutes,
    now: clock,
    reached: (origin) => platform.subscribe(number, `${origin}/webhooks/whatsapp/default`),
    stop: async () => {
      stopReading()
      await platform.stop()
    },
  }
}

/** People of the demo look at their phones a moment after something came. Answers how to stop that. */
function readByThemselves(platform: BusinessPlatform, number: BusinessNumber): () => void {
  let timer: NodeJS.Timeout | undefined
  const stopListening = platform.onChange(() => {
    timer ??= setTimeout(() => {
      timer = undefined
      for (const person of platform.people) if (person.hasUnread(number)) person.read(number)
    }, READ_AFTER_MS)
  })
  return () => {
    stopListening()
    clearTimeout(timer)
  }
}

const DEMO_TEMPLATES = [
  {
    name: 'order_on_its_way',
    components: [
      {
        type: 'BODY' as const,
        text: 'Hello {{1}}, your order {{2}} is on its way.',
        example: { body_text: [['Alice', '4711']] },
      },
      { type: 'FOOTER' as const, text: 'Corner Shop' },
    ],
  },
  {
    name: 'still_interested',
    category: 'MARKETING' as const,
    components: [
      { type: 'BODY' as const, text: 'Hello {{1}}, is there anything else that we can do for you?' },
      {
        type: 'BUTTONS' as const,
        buttons: [
          { type: 'QUICK_REPLY' as const, text: 'Yes, please' },
          { type: 'QUICK_REPLY' as const, text: 'No, thanks' },
        ],
      },
    ],
  },
]

/** The config text of the demo with a Business account in the place of a linked device. Throws `CommandFailure`. */
function businessConfigText(text: string, cloudApi: Record<string, unknown>): string {
  const document = new ConfigDocument(demoConfigText(text, NOWHERE))
  const { path } = channelSection(document)
  return setValue(setValue(document, [...path, 'transport'], 'cloud-api'), [...path, 'cloudApi'], cloudApi)
    .text
}
