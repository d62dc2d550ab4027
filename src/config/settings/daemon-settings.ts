import { z } from 'zod'
import { authSetting } from './auth-setting.ts'
import { entryList } from '../read/people/entry-list.ts'
import { secretSchema } from './secret-schema.ts'
import { member, requiredMember, setting } from './setting.ts'
import { count, nameText, text } from './value-schemas.ts'
import { webhooksOfDaemon } from './webhook-settings.ts'

/** `whatsappd`: this process. */
export const daemonSettings = {
  listen: setting(
    z.strictObject({
      host: member(text.min(1), {
        description: 'The address. Others than loopback show the control plane to the network.',
        default: '127.0.0.1',
        example: '127.0.0.1',
      }),
      port: member(count.max(65_535), {
        description: 'The port; 0 takes a free one.',
        default: 8765,
        example: 8765,
      }),
    }),
    {
      description: 'Where the control plane and the page are served.',
      default: { host: '127.0.0.1', port: 8765 },
      example: { host: '127.0.0.1', port: 8765 },
      reload: 'restart',
    },
  ),
  auth: authSetting,
  allowedOrigins: setting(entryList(z.array(z.url({ protocol: /^https?$/ }))), {
    description: 'Exact origins of web pages, besides our own, that may open the control plane.',
    default: [],
    example: ['https://dashboard.example'],
  }),
  log: setting(
    z.strictObject({
      level: member(z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']), {
        description: 'The least important thing that is logged.',
        default: 'info',
        example: 'debug',
      }),
      format: member(z.enum(['json', 'pretty']), {
        description: 'Without it: readable lines on a terminal, JSON elsewhere.',
        example: 'json',
      }),
    }),
    {
      description:
        'How much is logged to standard error, and in which form. Secrets and numbers are never logged.',
      default: { level: 'info' },
      example: { level: 'info', format: 'json' },
    },
  ),
  webhooks: webhooksOfDaemon,
  proxy: setting(secretSchema.clone(), {
    description:
      'The proxy for every way out (WhatsApp, assistants): `http://`, `https://` or `socks5://`, a reference when it holds a password, or `none`. Without it `HTTPS_PROXY`, `HTTP_PROXY` and `ALL_PROXY` of the environment count, in lower or upper case. An HTTP proxy is asked for a tunnel (`CONNECT`) to every server, also for `http://`: many allow it to port 443 alone, and refuse an assistant at another port until `noProxy` names it or the proxy allows that port. This machine itself is never reached through a proxy.',
    example: 'http://proxy.example:3128',
    reload: 'restart',
  }),
  noProxy: setting(z.array(text), {
    description:
      'What is reached without the proxy, besides `NO_PROXY` of the environment: hosts with their subdomains (`example.com`), addresses, networks (`10.0.0.0/8`), beginnings (`192.168.*`), each with a port or without; `*` is everything.',
    default: [],
    example: ['models.example', '10.0.0.0/8'],
    reload: 'restart',
  }),
  caFile: setting(text.min(1), {
    description:
      "A file with certificates (PEM) that are trusted besides Node's own: a proxy or a company network that opens TLS has one. `NODE_EXTRA_CA_CERTS` of the environment does the same.",
    example: '/etc/ssl/certs/company.pem',
    reload: 'restart',
  }),
  whatsapp: setting(
    z.strictObject({
      webSocketUrl: member(text.nullable(), {
        description: "The server, `ws://` or `wss://`. Without it WhatsApp's own.",
        default: null,
        example: 'ws://127.0.0.1:4000/ws/chat',
      }),
      noiseRootKey: member(text.nullable(), {
        description:
          "The key that must sign the server's certificate: 32 bytes, in base64 or hex. Another one than WhatsApp's is accepted only with a server on this machine.",
        default: null,
        example: null,
      }),
      version: member(z.tuple([count, count, count]).nullable(), {
        description: 'The client version that we claim to be.',
        default: null,
        example: [2, 3000, 1043857760],
      }),
      versionLookup: member(z.boolean(), {
        description:
          "When WhatsApp refuses the version of this build, the daemon asks `web.whatsapp.com` for the current one, once an hour at most, and uses it. `false`: it does not. Never with `version`, or with another server than WhatsApp's.",
        default: true,
        example: false,
      }),
    }),
    {
      description: 'The WhatsApp server. Leave it alone unless you run one.',
      example: { version: [2, 3000, 1043857760] },
      reload: 'restart',
    },
  ),
  reconnect: setting(
    z.strictObject({
      firstDelaySeconds: member(z.number().positive(), {
        description: 'The first wait, at most.',
        default: 2,
        example: 2,
      }),
      maxDelaySeconds: member(z.number().positive(), {
        description: 'The longest wait.',
        default: 60,
        example: 60,
      }),
    }),
    {
      description:
        'The waits between attempts: random, growing from the first to the longest; up to five times that after 20 failures in a row.',
      default: { firstDelaySeconds: 2, maxDelaySeconds: 60 },
      example: { firstDelaySeconds: 2, maxDelaySeconds: 60 },
      reload: 'restart',
    },
  ),
  startJitterSeconds: setting(z.number().min(0).max(3_600), {
    description:
      'How long linked accounts wait at most, at the start of the process, before they connect: a random time for each, so that many sandboxes which start at once do not all log in at once. The control plane and a new link wait for nothing, and "Reconnect now" ends the wait.',
    default: 0,
    example: 30,
    reload: 'restart',
  }),
  lock: setting(
    z.strictObject({
      redis: member(
        z.strictObject({
          url: requiredMember(secretSchema.clone(), {
            description:
              'The server: `redis://` or `rediss://` (TLS) with user, password and database as usual; a reference when it holds a password.',
            example: { env: 'REDIS_URL' },
          }),
          ttlSeconds: member(z.number().min(1).max(3_600), {
            description:
              'How long a lease outlives its holder. A holder that cannot renew it for this long closes its connection.',
            default: 30,
            example: 30,
          }),
        }),
        {
          description: 'A lease for each account in Redis or Valkey.',
          example: { url: { env: 'REDIS_URL' }, ttlSeconds: 30 },
        },
      ),
    }),
    {
      description:
        'Who holds an account when several hosts share its directory, or have copies of it. Without it the lock in the directory decides, which one machine respects.',
      example: { redis: { url: { env: 'REDIS_URL' }, ttlSeconds: 30 } },
      reload: 'restart',
    },
  ),
  instanceId: setting(nameText.min(1), {
    description:
      'Names this sandbox, so that a clone or a restored copy is distinguished from its original: it must differ for each. A config file is copied along, so better set `WHATSAPPD_INSTANCE_ID` in the environment; this setting wins over it.',
    example: 'sandbox-1',
    reload: 'restart',
  }),
}
