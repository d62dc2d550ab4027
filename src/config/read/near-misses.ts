import { isRecord } from '../../protocol/is-record.ts'
import type { PathSegment } from '../document/json5-tree.ts'
import { didYouMean } from '../problems/did-you-mean.ts'
import type { Problems } from '../problems/problems.ts'
import { accountSettings } from '../settings/account-settings.ts'
import { daemonSettings } from '../settings/daemon-settings.ts'
import { channelSection, sectionName } from './channel-section.ts'

const PARENTS: readonly string[] = ['channels', 'connectors']
/** What our sections are called. */
const NAMES = ['whatsapp', 'whatsappd'] as const

/** Settings of an account that no other tool has at the root of a file, or directly among its channels. */
const OF_ACCOUNTS: readonly string[] = [
  'allowFrom',
  'groupAllowFrom',
  'dmPolicy',
  'groupPolicy',
  'selfChatMode',
  'sendReadReceipts',
  'ackReaction',
] satisfies (keyof typeof accountSettings)[]
/** The same for the process. Other tools have an `auth` too, with other members. */
const OF_DAEMON: Readonly<Record<string, (value: unknown) => boolean>> = {
  auth: (value) =>
    isRecord(value) && ['jwtKeys', 'issuer', 'audience', 'subjects'].some((key) => key in value),
  allowedOrigins: Array.isArray,
  lock: (value) => isRecord(value) && 'redis' in value,
} satisfies Partial<Record<keyof typeof daemonSettings, (value: unknown) => boolean>>

/**
 * Reports what was probably meant for us and is not read, because it stands under another name or at another place: nobody is allowed by a
 * section that is called `WhatsApp`, and nothing else would say so. Sections of other tools are left alone.
 */
export function reportNearMisses(root: Readonly<Record<string, unknown>>, problems: Problems): void {
  const channel = sectionName(channelSection({ value: root }))
  const report = (path: readonly PathSegment[], message: string): void =>
    problems.keyNotice('near_miss', path, `This is not read. ${message}`)
  for (const [key, value] of Object.entries(root)) {
    if (key === 'whatsappd') continue
    if (PARENTS.includes(key)) reportInParent(key, value, channel, report)
    else {
      const advice = adviceAtRoot(key, value, channel)
      if (advice !== null) report([key], advice)
    }
  }
}

type Report = (path: readonly PathSegment[], message: string) => void

/** Keys beside `whatsapp`: other messengers, and what was meant to be it. */
function reportInParent(parent: string, value: unknown, channel: string, report: Report): void {
  if (!isRecord(value)) return
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'whatsapp') continue
    if (OF_ACCOUNTS.includes(key)) report([parent, key], `It belongs inside of ${channel}.`)
    else if (PARENTS.includes(key) && holdsChannel(inner))
      report([parent, key], `The section belongs at the root of the file: ${channel}.`)
    else if (isNamedLikeOurs(key))
      report(
        [parent, key],
        spelling(key, inner, parent === 'connectors' ? 'connectors.whatsapp' : 'channels.whatsapp'),
      )
  }
}

function adviceAtRoot(key: string, value: unknown, channel: string): string | null {
  const [first = '', ...rest] = key.split(/[./]/)
  if (rest.length > 0 && (isLike(first, PARENTS) || isNamedLikeOurs(first))) {
    const names = isLike(first, PARENTS) ? [channel, ...rest.slice(1)].join('.') : null
    const meant = names ?? ['whatsappd', ...rest].join('.')
    return `A dot in a name leads nowhere: write ${nested(meant.split('.'))}.`
  }
  if (isNamedLikeOurs(key)) return spelling(key, value, channel)
  if (isLike(key, PARENTS) && isRecord(value) && Object.keys(value).some(isNamedLikeOurs))
    return `The section is called ${channel}.`
  if (OF_ACCOUNTS.includes(key)) return `It belongs inside of ${channel}.`
  if (Object.hasOwn(OF_DAEMON, key) && OF_DAEMON[key]?.(value) === true)
    return 'It belongs inside of whatsappd, at the root of the file.'
  // ElizaOS reads `settings.whatsapp` of a character.
  if (holdsChannel(value)) return `What it has as whatsapp belongs to the root of the file, as ${channel}.`
  if (isRecord(value) && PARENTS.some((parent) => holdsChannel(value[parent])))
    return `${channel} in it belongs at the root of the file.`
  return null
}

/** For a section whose name is nearly one of ours: what it holds says which. */
function spelling(key: string, value: unknown, channel: string): string {
  const keys = isRecord(value) ? Object.keys(value) : []
  const count = (settings: object): number => keys.filter((each) => Object.hasOwn(settings, each)).length
  const [ofDaemon, ofAccounts] = [count(daemonSettings), count(accountSettings)]
  const isDaemon = ofDaemon === ofAccounts ? key.toLowerCase() === 'whatsappd' : ofDaemon > ofAccounts
  return isDaemon
    ? 'The section is called whatsappd, at the root of the file.'
    : `The section is called ${channel}.`
}

/** `channels: { whatsapp: … }`. */
function nested(names: readonly string[]): string {
  return names.toReversed().reduce((inner, name) => `${name}: ${inner === '' ? '…' : `{ ${inner} }`}`, '')
}

/** Whether this holds settings of ours as `whatsapp`. */
function holdsChannel(value: unknown): boolean {
  const section = isRecord(value) ? value['whatsapp'] : undefined
  return isRecord(section) && OF_ACCOUNTS.some((key) => Object.hasOwn(section, key))
}

function isNamedLikeOurs(name: string): boolean {
  return isLike(name, NAMES)
}

/** Also with other capitals, or a hyphen. */
function isLike(name: string, names: readonly string[]): boolean {
  return didYouMean(name.replaceAll(/[\s_-]/g, ''), names) !== null
}
