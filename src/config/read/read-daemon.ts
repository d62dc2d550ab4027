import { isLoopbackUrl } from '../../protocol/loopback-url.ts'
import type { z } from 'zod'
import type { ChannelPath, DaemonConfig, SecretReference } from '../model.ts'
import { channelSettings } from '../settings/channel-settings.ts'
import type { Problems } from '../problems/problems.ts'
import { readAuth } from './account/read-auth.ts'
import { namedProxies } from '../../network/proxy-for.ts'
import { type PathContext, readPath } from './read-path.ts'
import { readSecret } from '../secrets/read-secret.ts'
import { readDaemonWebhooks } from './read-webhooks.ts'
import { readSection } from './read-section.ts'
import { daemonSettings } from '../settings/daemon-settings.ts'
import type { secretSchema } from '../settings/secret-schema.ts'

const PATH = ['whatsappd'] as const
const ROOT_KEY_BYTES = 32

/** The section `whatsappd` with its defaults. Relative paths start at `directory`. */
export function readDaemon(
  value: unknown,
  problems: Problems,
  { channel, ...context }: PathContext & { channel: ChannelPath },
): DaemonConfig {
  const other = { settings: channelSettings, name: channel }
  const raw = readSection(daemonSettings, value, PATH, problems, other)
  const whatsapp = raw.whatsapp ?? {}
  const redis = raw.lock?.redis
  return {
    instanceId: raw.instanceId ?? null,
    lock:
      redis === undefined
        ? null
        : { url: readLeaseUrl(redis.url, context, problems), ttlSeconds: redis.ttlSeconds ?? 30 },
    listen: { host: raw.listen?.host ?? '127.0.0.1', port: raw.listen?.port ?? 8765 },
    proxy: raw.proxy === undefined ? null : readProxySetting(raw.proxy, context, problems),
    noProxy: raw.noProxy ?? [],
    caFile: raw.caFile === undefined ? null : readPath(raw.caFile, [...PATH, 'caFile'], context, problems),
    webhooks: readDaemonWebhooks(raw.webhooks ?? [], { problems, ...context }),
    auth: readAuth(raw.auth, { problems, ...context }),
    allowedOrigins: (raw.allowedOrigins ?? []).map((origin) => new URL(origin).origin),
    log: { level: raw.log?.level ?? 'info', format: raw.log?.format ?? null },
    whatsapp: {
      webSocketUrl: readUrl(whatsapp.webSocketUrl, problems),
      noiseRootKey: readRootKey(whatsapp.noiseRootKey, whatsapp.webSocketUrl, problems),
      version: whatsapp.version ?? null,
      versionLookup: whatsapp.versionLookup ?? true,
    },
    reconnect: {
      firstDelayMs: (raw.reconnect?.firstDelaySeconds ?? 2) * 1000,
      capMs: (raw.reconnect?.maxDelaySeconds ?? 60) * 1000,
    },
    startJitterSeconds: raw.startJitterSeconds ?? 0,
  }
}

/** As the URL of the lease server. */
function readProxySetting(
  raw: z.infer<typeof secretSchema>,
  context: PathContext,
  problems: Problems,
): SecretReference {
  const path = [...PATH, 'proxy']
  const isReference = typeof raw !== 'string' || (problems.expansions.at(path)?.variable ?? null) !== null
  if (isReference) return readSecret(raw, path, context, problems)
  try {
    const [url] = namedProxies({ proxy: raw, noProxy: [] }, {})
    if (url !== undefined && url.password !== '') return readSecret(raw, path, context, problems)
  } catch {
    const message = 'Must be the URL of a proxy (http://, https:// or socks5://), or "none".'
    problems.error('invalid_value', path, message)
  }
  return { literal: raw }
}

/** Only a literal value can be checked here; a reference is read when it is used. */
function readLeaseUrl(
  raw: z.infer<typeof secretSchema>,
  context: PathContext,
  problems: Problems,
): SecretReference {
  const path = [...PATH, 'lock', 'redis', 'url']
  const isReference = typeof raw !== 'string' || (problems.expansions.at(path)?.variable ?? null) !== null
  if (isReference) return readSecret(raw, path, context, problems)
  const url = URL.canParse(raw) ? new URL(raw) : null
  if (url === null || !(url.protocol === 'redis:' || url.protocol === 'rediss:')) {
    problems.error('invalid_value', path, 'Must be a redis:// or rediss:// URL.')
    return { literal: raw }
  }
  return url.password === '' ? { literal: raw } : readSecret(raw, path, context, problems)
}

function readUrl(url: string | null | undefined, problems: Problems): string | null {
  if (url === undefined || url === null) return null
  const protocol = URL.canParse(url) ? new URL(url).protocol : null
  if (protocol === 'ws:' || protocol === 'wss:') return url
  problems.error('invalid_value', [...PATH, 'whatsapp', 'webSocketUrl'], 'Must be a ws:// or wss:// URL.')
  return null
}

/** The owner of the root key can pose as WhatsApp: another key is accepted only for a server on this machine. */
function readRootKey(
  key: string | null | undefined,
  url: string | null | undefined,
  problems: Problems,
): string | null {
  if (key === undefined || key === null) return null
  const path = [...PATH, 'whatsapp', 'noiseRootKey']
  const bytes = keyBytes(key)
  if (bytes === null) {
    problems.error('invalid_value', path, 'Must be a 32-byte Curve25519 public key, in base64 or hex.')
    return null
  }
  if (typeof url !== 'string' || !isLoopbackUrl(url)) {
    const message =
      'Another root key is accepted only together with a webSocketUrl on this machine (127.0.0.1, ::1, localhost).'
    problems.error('root_key_needs_loopback', path, message)
    return null
  }
  return bytes.toString('base64')
}

function keyBytes(key: string): Buffer | null {
  if (/^[0-9a-f]{64}$/i.test(key)) return Buffer.from(key, 'hex')
  const bytes = /^[\w+/-]{43}=?$/.test(key) ? Buffer.from(key, 'base64') : Buffer.alloc(0)
  return bytes.length === ROOT_KEY_BYTES ? bytes : null
}
