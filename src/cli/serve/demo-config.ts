import json5 from 'json5'
import { ConfigDocument } from '../../config/document/config-document.ts'
import { channelSection } from '../../config/read/channel-section.ts'
import { setValue } from '../../config/document/set-value.ts'
import { isRecord } from '../../protocol/is-record.ts'
import { CommandFailure } from '../command-failure.ts'

/** Used where the config names too few people. */
const OWNER_NUMBER = '+15555550100'
const ALICE_NUMBER = '+15555550101'
const STRANGER_NUMBER = '+15555550166'

export interface DemoPeople {
  /** Whose phone scans the QR. */
  owner: string
  /** The first number on the allowlist. */
  alice: string
  /** On no list. */
  mallory: string
}

/**
 * The config text for a demo: connected to the simulated WhatsApp and to nothing else. Throws `CommandFailure` when the
 * text cannot be used, or would have the demo write outside its own directory.
 */
export function demoConfigText(text: string, server: { webSocketUrl: string; noiseRootKey: string }): string {
  if (holdsOwnDirectory(parseConfig(text))) {
    throw new CommandFailure(
      'the demo keeps its state in a directory of its own; give it a config without authDir',
    )
  }
  const trusting = setValue(
    withAssistant(new ConfigDocument(text)),
    ['whatsappd', 'whatsapp', 'noiseRootKey'],
    server.noiseRootKey,
  )
  return setValue(trusting, ['whatsappd', 'whatsapp', 'webSocketUrl'], server.webSocketUrl).text
}

/** With the demo's own assistant, which quotes what it answers, where the config has none. */
function withAssistant(document: ConfigDocument): ConfigDocument {
  const { path, value } = channelSection(document)
  if (isRecord(value) && 'agents' in value) return document
  const withAgent = setValue(document, [...path, 'agents'], {
    demo: { connector: 'demo', name: 'Demo assistant' },
  })
  if (isRecord(value) && 'replyToMode' in value) return withAgent
  return setValue(withAgent, [...path, 'replyToMode'], 'first')
}

/** Who takes part: Alice is the first allowed number, the owner the second (who can then chat with themselves). */
export function demoPeople(text: string): DemoPeople {
  const allowed = allowFromOf(parseConfig(text)).map((entry) => `+${String(entry).replaceAll(/\D/g, '')}`)
  const [alice = ALICE_NUMBER, second] = allowed.filter((number) => number.length > 1)
  const owner = second ?? (alice === OWNER_NUMBER ? ALICE_NUMBER : OWNER_NUMBER)
  return { owner, alice, mallory: STRANGER_NUMBER }
}

function parseConfig(text: string): unknown {
  try {
    return json5.parse(text)
  } catch (error) {
    throw new CommandFailure(
      `the config is not JSON5: ${error instanceof Error ? error.message : 'unreadable'}`,
      {
        cause: error,
      },
    )
  }
}

function allowFromOf(config: unknown): unknown[] {
  const section = isRecord(config) ? channelSection({ value: config }).value : undefined
  const list = isRecord(section) ? section['allowFrom'] : undefined
  return Array.isArray(list) ? list : []
}

function holdsOwnDirectory(value: unknown): boolean {
  if (!isRecord(value)) return false
  return Object.entries(value).some(
    ([key, item]) => (key === 'authDir' && item !== null) || holdsOwnDirectory(item),
  )
}
