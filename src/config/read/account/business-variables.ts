import { isRecord } from '../../../protocol/is-record.ts'
import type { SecretReference } from '../../model.ts'
import type { ConfigDocument } from '../../document/config-document.ts'
import type { Expansions } from '../expansions.ts'

/** Of the Business account, by the names that Meta's examples and other tools use. */
const NAMES = [
  'WHATSAPP_ACCESS_TOKEN',
  'WHATSAPP_PHONE_NUMBER_ID',
  'WHATSAPP_BUSINESS_ACCOUNT_ID',
  'WHATSAPP_WEBHOOK_VERIFY_TOKEN',
  'WHATSAPP_APP_SECRET',
  'WHATSAPP_API_VERSION',
  'WHATSAPP_AUTH_METHOD',
] as const

export type BusinessVariableName = (typeof NAMES)[number]

interface BusinessVariable {
  /** The text now, for what is no secret. */
  text: string
  /** What it is read by later, for a secret. */
  reference: SecretReference
  /** As people find it: `WHATSAPP_ACCESS_TOKEN`, or `env.vars.WHATSAPP_ACCESS_TOKEN` of the file. */
  place: string
}

/** Those of the names above that are set. */
export type BusinessVariables = ReadonlyMap<BusinessVariableName, BusinessVariable>

/**
 * The variables of the Business account: from the environment, else from the file's own section `env` (OpenClaw, Milady: `env.NAME`,
 * `env.vars.NAME`). That section is only read here; it never becomes a part of the environment. A shell is never asked, whatever
 * `env.shellEnv` says.
 */
export function businessVariables(
  { value: file }: Pick<ConfigDocument, 'value'>,
  env: NodeJS.ProcessEnv,
  expansions: Expansions,
): BusinessVariables {
  const section = isRecord(file['env']) ? file['env'] : {}
  const inner = isRecord(section['vars']) ? section['vars'] : {}
  const found = new Map<BusinessVariableName, BusinessVariable>()
  for (const name of NAMES) {
    const text = env[name]?.trim() ?? ''
    const variable =
      text === ''
        ? (inFile(inner[name], ['env', 'vars', name], expansions) ??
          inFile(section[name], ['env', name], expansions))
        : { text, reference: { env: name }, place: name }
    if (variable !== null) found.set(name, variable)
  }
  return found
}

function inFile(
  written: unknown,
  path: readonly [string, ...string[]],
  expansions: Expansions,
): BusinessVariable | null {
  // An id without quotes: beyond this its last digits are lost already.
  const raw = Number.isSafeInteger(written) ? String(written) : written
  if (typeof raw !== 'string') return null
  const value = expansions.expand(raw, path)
  const expansion = expansions.at(path)
  if (typeof value !== 'string' || value.trim() === '' || (expansion?.failure ?? null) !== null) return null
  const text = value.trim()
  const variable = expansion?.variable ?? null
  return { text, reference: variable === null ? { literal: text } : { env: variable }, place: path.join('.') }
}
