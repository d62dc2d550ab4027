import { z } from 'zod'
import { setting } from './setting.ts'
import { count, text } from './value-schemas.ts'

const later = { hasEffect: false } as const

/** `whatsappd`: this process. */
export const daemonSettings = {
  listen: setting(z.strictObject({ host: text.min(1).optional(), port: count.max(65_535).optional() }), {
    description: 'Where the control plane and the page are served.',
    default: { host: '127.0.0.1', port: 8765 },
    example: { host: '127.0.0.1', port: 8765 },
    reload: 'restart',
  }),
  auth: setting(z.looseObject({}), {
    description: 'Tokens of a hosted dashboard. Only the local token works in this version.',
    example: {},
    reload: 'restart',
    ...later,
  }),
  allowedOrigins: setting(z.array(z.url({ protocol: /^https?$/ })), {
    description: 'Exact origins of web pages, besides our own, that may open the control plane.',
    default: [],
    example: ['https://dashboard.example'],
  }),
  log: setting(
    z.strictObject({
      level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).optional(),
      format: z.enum(['json', 'pretty']).optional(),
    }),
    {
      description:
        'How much is logged to standard error, and in which form. Secrets and numbers are never logged.',
      default: { level: 'info' },
      example: { level: 'info', format: 'json' },
    },
  ),
  proxy: setting(text, {
    description: 'A proxy for the way to WhatsApp.',
    example: 'http://proxy.example:3128',
    reload: 'restart',
    ...later,
  }),
  whatsapp: setting(
    z.strictObject({
      webSocketUrl: text.nullish(),
      noiseRootKey: text.nullish(),
      version: z.tuple([count, count, count]).nullish(),
    }),
    {
      description:
        "The WhatsApp server: its WebSocket, the root key that must sign its certificate (32 bytes, base64 or hex; another one than WhatsApp's only with a loopback URL), and the client version that we claim.",
      example: { version: [2, 3000, 1043857760] },
      reload: 'restart',
    },
  ),
  reconnect: setting(
    z.strictObject({
      firstDelaySeconds: z.number().positive().optional(),
      maxDelaySeconds: z.number().positive().optional(),
    }),
    {
      description: 'The waits between attempts: random, growing from the first to the last.',
      default: { firstDelaySeconds: 2, maxDelaySeconds: 60 },
      example: { firstDelaySeconds: 2, maxDelaySeconds: 60 },
      reload: 'restart',
      ...later,
    },
  ),
  lock: setting(z.looseObject({}), {
    description: 'A lease for volumes that several hosts share.',
    example: {},
    reload: 'restart',
    ...later,
  }),
  instanceId: setting(text.min(1), {
    description: 'Tells a restored copy of a sandbox from its original.',
    example: 'sandbox-1',
    reload: 'restart',
    ...later,
  }),
}
