import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { CONNECTORS } from '../../../src/agents/registry.ts'
import { accountView } from '../../../src/accounts/status/account-view.ts'
import { changedPaths } from '../../../src/config/evaluation/changed-paths.ts'
import type { Config } from '../../../src/config/model.ts'
import { ConfigError } from '../../../src/config/problems/config-error.ts'
import { resolveConfig } from '../../../src/config/read/resolve.ts'
import { channelSettings } from '../../../src/config/settings/channel-settings.ts'
import { daemonSettings } from '../../../src/config/settings/daemon-settings.ts'
import { buildConfigView } from '../../../src/control/views/build-config-view.ts'
import { listPage } from '../../../src/control/views/config-lists.ts'

/** A file with a text in every setting that takes one. */
const FILE = {
  channels: {
    whatsapp: {
      name: 'Home',
      authDir: '/srv/wa',
      dmPolicy: 'allowlist',
      allowFrom: ['+15555550101', '+15555550102'],
      senders: { '+15555550101': { agent: 'ada', name: 'Alice' } },
      groupPolicy: 'allowlist',
      groupAllowFrom: ['+15555550101', '120363000000000000@g.us'],
      groups: {
        '*': { requireMention: true, agent: 'ada', systemPrompt: 'Be kind.', allowFrom: ['+15555550101'] },
      },
      commands: { owners: ['+15555550101'] },
      contactFields: ['orderNumber', { name: 'birthday', label: 'Birthday' }],
      mentionPatterns: ['Ada', '/^hey /i'],
      direct: { '+15555550101': { systemPrompt: 'She is new here.' } },
      replyToMode: 'first',
      historySync: 'recent',
      markdown: { tables: 'code' },
      waitingLine: { text: 'One moment.' },
      streaming: { chunkMode: 'newline' },
      language: 'de',
      ackReaction: { emoji: 'eyes', group: 'mentions' },
      messagePrefix: 'm ',
      responsePrefix: 'r ',
      chunkMode: 'newline',
      defaultAgent: 'ada',
      agents: {
        ada: {
          connector: 'openai-chat',
          name: 'Ada',
          baseUrl: 'http://models.example/v1',
          model: 'llama',
          systemPrompt: 'You help.',
          apiKey: 'sk-literal-0123456789',
        },
        eve: {
          connector: 'openai-chat',
          baseUrl: 'http://models.example/v1',
          model: 'llama',
          apiKey: { file: '/srv/key' },
        },
      },
      transcription: {
        baseUrl: 'http://speech.example/v1',
        model: 'whisper-1',
        apiKey: 'sk-speech-0123456789',
        language: 'de',
        prompt: 'Ada',
      },
      transport: 'linked-device',
      webhooks: [
        {
          url: 'https://hooks.example/x',
          secret: 'whsec_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=',
          events: ['message.received'],
        },
      ],
      cloudApi: { phoneNumberId: '1', apiVersion: 'v23.0', accessToken: 'token' },
      accounts: {
        default: { name: 'Own', senders: { '+15555550102': { name: 'Bob' } } },
        work: { allowFrom: ['+15555550103'] },
      },
      defaultAccount: 'default',
    },
  },
  whatsappd: {
    listen: { host: '127.0.0.1' },
    auth: {
      jwtKeys: [
        { id: 'k', secret: 'an own secret that is long enough 0123456789' },
        { publicKey: { file: '/srv/pem' } },
        {
          publicKey: {
            kty: 'OKP',
            crv: 'Ed25519',
            x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
            alg: 'EdDSA',
          },
        },
      ],
      issuer: 'https://dashboard.example',
      audience: 'sandbox-1',
      subjects: ['user-1', 'user-2'],
      claims: { subject: 'sub', scope: 'scope', defaultScopes: ['read'], required: { kind: 'whatsapp' } },
      revoked: ['6f1c2a'],
    },
    allowedOrigins: ['https://dashboard.example'],
    log: { level: 'info', format: 'json' },
    whatsapp: { webSocketUrl: 'ws://127.0.0.1:4000/ws', noiseRootKey: null },
    proxy: 'http://proxy.example:3128',
    noProxy: ['models.example'],
    caFile: '/etc/ssl/company.pem',
    lock: { redis: { url: 'redis://redis.example/0' } },
    webhooks: [
      {
        url: 'http://127.0.0.1:9000/y',
        secret: { file: '/srv/hook' },
        previousSecret: 'whsec_CAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg=',
        events: ['agent.*'],
        accounts: ['work'],
      },
    ],
    instanceId: 'sandbox-1',
  },
}

type Path = (string | number)[]

function textsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value === 'string') return [path]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    textsOf(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  )
}

function withTextAt(path: Path, text: string): string {
  const file = structuredClone(FILE)
  let holder: object = file
  for (const segment of path.slice(0, -1)) holder = Reflect.get(holder, segment)
  Reflect.set(holder, path.at(-1) ?? '', text)
  return JSON.stringify(file, null, 1)
}

const resolve = (text: string, env: NodeJS.ProcessEnv): Config =>
  resolveConfig(text, { directory: '/etc/sandbox', env, connectors: CONNECTORS })

const PLAIN = resolve(JSON.stringify(FILE), {})

/** Everything that is shown or told of the file. */
function shown(text: string, env: NodeJS.ProcessEnv): string {
  try {
    const current = resolve(text, env)
    const source = {
      current,
      problems: [],
      needsRestart: [],
      fileLength: text.length,
      onApplied: () => () => {},
      onRejected: () => () => {},
    }
    const status = { state: 'connected', reason: null, attempt: 0, nextAttemptAt: null, until: null } as const
    return JSON.stringify([
      buildConfigView(source, '/etc/sandbox/sandbox.config.json5', {
        unusableKeys: new Map(),
        refusedTokens: [],
      }),
      changedPaths(PLAIN, current),
      current.notices,
      current.badEntries ?? null,
      ...Object.values(current.accounts).flatMap((config) => [
        accountView({
          config,
          status,
          since: 0,
          transport: config.transport,
          link: null,
          linkedSince: null,
          failedMessages: null,
          unansweredMessages: null,
          handedOver: null,
          takenOver: null,
          waiting: null,
          redactions: 0,
          linkRefusal: null,
          assistant: null,
        }),
        ...(['allowFrom', 'groupAllowFrom', 'groups', 'senders', 'agents'] as const).map((list) =>
          listPage(config, list, 100),
        ),
      ]),
    ])
  } catch (error) {
    if (error instanceof ConfigError) return JSON.stringify([error.message, error.problems])
    throw error
  }
}

const VALUES = [
  'sk-verysecret-0123456789',
  'nowhere "quoted"',
  '+15555550177',
  '120363999999999999@g.us',
  'https://secret.example/v1',
  '/run/secret-place',
  '🦜',
]

/** Whether a value of this schema can have a text in it. */
function takesText(schema: unknown): boolean {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return takesText(schema.unwrap())
  if (schema instanceof z.ZodUnion) return schema.options.some(takesText)
  if (schema instanceof z.ZodArray) return takesText(schema.element)
  if (schema instanceof z.ZodRecord) return takesText(schema.valueType)
  if (schema instanceof z.ZodObject) return Object.values(schema.shape).some(takesText)
  return schema instanceof z.ZodType && !(schema instanceof z.ZodBoolean || schema instanceof z.ZodNumber)
}

describe('of the value of a variable nothing is shown', () => {
  it('is tried for every setting that takes a text', () => {
    const missing = (settings: object, file: object): string[] =>
      Object.entries(settings).flatMap(([key, schema]) => (takesText(schema) && !(key in file) ? [key] : []))
    expect(missing(channelSettings, FILE.channels.whatsapp)).toEqual([])
    expect(missing(daemonSettings, FILE.whatsappd)).toEqual([])
  })

  it.each(textsOf(FILE).map((path) => [path.join('.'), path] as const))('in %s', (_name, path) => {
    for (const [index, value] of VALUES.entries()) {
      const told = shown(withTextAt(path, index === 0 ? 'a${SECRET}/${SECRET}' : '${SECRET}'), {
        SECRET: value,
      })
      expect(told).not.toContain(JSON.stringify(value).slice(1, -1))
    }
  })

  // Where the file's own tool means other people by a list, the numbers of one list were shown in another.
  it.each([
    { connectors: { whatsapp: { allowFrom: ['${ALICE}'], allowedGroups: ['120363000000000001@g.us'] } } },
    {
      connectors: {
        whatsapp: { dmPolicy: 'open', allowFrom: ['*'], groups: { '*': {} }, allowedJids: ['${ALICE}'] },
      },
    },
    {
      connectors: {
        whatsapp: { allowFrom: ['${ALICE}'], groups: { '*': {} }, allowedGroups: ['${GROUP}'] },
      },
    },
    {
      connectors: {
        whatsapp: {
          dmPolicy: 'open',
          allowFrom: ['*'],
          groupAllowFrom: ['${GROUP}'],
          allowedJids: ['+15555550102', '${JID}'],
        },
      },
    },
    {
      channels: {
        whatsapp: {
          transport: 'baileys',
          groups: { '120363000000000001@g.us': { allowFrom: ['${ALICE}'] } },
          accounts: { default: { groups: { '120363000000000002@g.us': {} } } },
        },
      },
    },
  ])('where entries of one list are in force in another: %j', (file) => {
    const env = { ALICE: '+15555550101', GROUP: '120363999999999999@g.us', JID: '15555550101:3@c.us' }
    const told = shown(JSON.stringify(file), env)
    expect(told).not.toMatch(/5555550101|120363999999999999/)
    expect(told).toMatch(/\$\{(ALICE|JID)\}/)
  })

  it('but what stands in a list by itself, too', () => {
    const whatsapp = {
      allowFrom: ['${ALICE}', '+15555550102'],
      groups: { '120363000000000001@g.us': { allowFrom: ['+15555550101'] } },
    }
    const told = JSON.parse(shown(JSON.stringify({ channels: { whatsapp } }), { ALICE: '+15555550101' }))
    expect(told[0].accounts.default).toMatchObject({
      allowFrom: ['${ALICE}', '+15555550102'],
      groups: { '120363000000000001@g.us': { allowFrom: ['+15555550101'] } },
    })
  })

  it('and what is shown instead is what the file says', () => {
    const text = JSON.stringify({
      channels: {
        whatsapp: {
          name: '${NAME}',
          allowFrom: ['${ALICE}', '+15555550102'],
          messagePrefix: '${NAME}: ',
          ackReaction: { emoji: '${EMOJI}' },
          agents: { ada: { connector: 'openai-chat', baseUrl: 'http://a/v1', model: '${MODEL}' } },
          senders: { '1 555 555 0101': { name: '${NAME}' } },
        },
      },
    })
    const env = { NAME: 'Home', ALICE: '+1 (555) 555-0101', EMOJI: '👀', MODEL: 'llama' }
    const config = resolve(text, env)
    expect(config.accounts['default']).toMatchObject({
      name: 'Home',
      access: { allowFrom: ['+15555550101', '+15555550102'] },
      messagePrefix: 'Home: ',
      ackReaction: { emoji: '👀' },
    })
    const told = JSON.parse(shown(text, env))[0].accounts.default
    expect(told).toMatchObject({
      name: '${NAME}',
      allowFrom: ['${ALICE}', '+15555550102'],
      ackEmoji: '${EMOJI}',
      agents: { ada: { model: '${MODEL}' } },
      senders: { '+15555550101': { name: '${NAME}' } },
      values: { 'ackReaction.emoji': '${EMOJI}' },
    })
  })
})
