import type { z } from 'zod'
import { destinationOf } from '../../network/no-proxy.ts'
import { isWithheld } from '../../network/withheld-destination.ts'
import { webhookKey } from '../../network/standard-webhooks.ts'
import { EVENT_NAMES, EVENTS, topicOf } from '../../protocol/events.ts'
import { formatPath } from '../document/config-document.ts'
import type { PathSegment } from '../document/json5-tree.ts'
import type { DaemonConfig, SecretReference, WebhookConfig } from '../model.ts'
import { didYouMean } from '../problems/did-you-mean.ts'
import type { Problems } from '../problems/problems.ts'
import { readSecret } from '../secrets/read-secret.ts'
import type { webhooksOfChannel, webhooksOfDaemon } from '../settings/webhook-settings.ts'
import type { PathContext } from './read-path.ts'

interface ReadContext extends PathContext {
  problems: Problems
}
type RawWebhook = NonNullable<z.infer<typeof webhooksOfChannel>>[number]

/** Events that nothing stores hold secrets, or are over when a receiver hears of them. */
const POSTED = EVENT_NAMES.filter((name) => EVENTS[name].stored)
const PATTERNS: readonly string[] = ['*', ...new Set(POSTED.map((name) => `${topicOf(name)}.*`)), ...POSTED]

/** `whatsappd.webhooks`. */
export function readDaemonWebhooks(
  raw: NonNullable<z.infer<typeof webhooksOfDaemon>>,
  context: ReadContext,
): DaemonConfig['webhooks'] {
  const path = ['whatsappd', 'webhooks'] as const
  return readWebhooks(raw, path, context).map((webhook, index) => ({
    ...webhook,
    accounts: raw[index]?.accounts ?? null,
  }))
}

/** Where events are posted to, as one list of the file says. What is wrong with an entry is a problem at its place. */
export function readWebhooks(
  raw: readonly RawWebhook[],
  path: readonly PathSegment[],
  context: ReadContext,
): WebhookConfig[] {
  return raw.map((webhook, index) => readWebhook(webhook, [...path, index], context))
}

function readWebhook(raw: RawWebhook, path: readonly PathSegment[], context: ReadContext): WebhookConfig {
  const { problems } = context
  const { url, secret, previousSecret, events = ['*'], texts = false } = raw
  checkUrl(url, [...path, 'url'], problems)
  for (const [index, pattern] of events.entries()) checkPattern(pattern, [...path, 'events', index], problems)
  return {
    place: formatPath(path),
    url,
    shownUrl: shownUrl(problems.written([...path, 'url'], url)),
    secret: readKey(secret, [...path, 'secret'], context),
    previousSecret:
      previousSecret === undefined ? null : readKey(previousSecret, [...path, 'previousSecret'], context),
    events,
    texts,
  }
}

function checkUrl(url: string, path: readonly PathSegment[], problems: Problems): void {
  const { username, password } = new URL(url)
  if (username !== '' || password !== '') {
    const message =
      'A user and a password in the URL are not sent. Take them out: the signature proves who posts.'
    problems.error('invalid_value', path, message)
  }
  if (!isWithheld(destinationOf(url).host)) return
  const message =
    'Nothing is posted to link-local addresses, or where a cloud gives out credentials of this machine. Name the server that is to receive the events.'
  problems.error('invalid_value', path, message)
}

function checkPattern(pattern: string, path: readonly PathSegment[], problems: Problems): void {
  if (PATTERNS.includes(pattern)) return
  const shown = problems.written(path, pattern)
  const meant = didYouMean(pattern, PATTERNS)
  const hint = meant === null ? `Events are listed in docs/protocol.md.` : `Did you mean "${meant}"?`
  const isSecret = (EVENT_NAMES as readonly string[]).includes(pattern)
  const message = isSecret ? `"${shown}" is never posted.` : `There is no event "${shown}". ${hint}`
  problems.error('invalid_value', path, message)
}

/** Only a literal one can be checked here; a reference is read when something is posted. */
function readKey(
  raw: RawWebhook['secret'],
  path: readonly PathSegment[],
  context: ReadContext,
): SecretReference {
  const reference = readSecret(raw, path, context, context.problems)
  if ('literal' in reference && webhookKey(reference.literal) === null) {
    const message =
      'This secret can sign nothing: it must be whsec_ and 24 to 64 bytes in base64. Make one: echo "whsec_$(openssl rand -base64 32)"'
    context.problems.error('invalid_value', path, message)
  }
  return reference
}

/** Of a URL as it is written. Paths and queries of receivers often hold what gives access to them. */
function shownUrl(written: string): string {
  const [, origin, rest = ''] = /^([^/?#]+:\/\/[^/?#]+)(.*)$/.exec(written) ?? []
  if (origin === undefined) return written
  return rest === '' || rest === '/' ? origin : `${origin}/…`
}
