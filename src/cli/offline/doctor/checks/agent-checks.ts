import type { AgentCheck } from '../../../../agents/agent-check.ts'
import { createAgent } from '../../../../agents/registry.ts'
import { hasAssistant } from '../../../../config/has-assistant.ts'
import type { AccountConfig, SecretReference } from '../../../../config/model.ts'
import { secretPlace } from '../../../../config/secrets/secret-place.ts'
import { isRecord } from '../../../../protocol/is-record.ts'
import { type Check, fine, type Found, problem, warning } from '../check.ts'
import type { DoctorFacts } from '../doctor-facts.ts'
import { subjectOf } from './account-checks.ts'
import { lookWithin } from '../look-within.ts'
import { outboundNetwork } from '../outbound.ts'
import { sentence } from '../../../../text/sentence.ts'

/** Of each agent; what its connector looks at besides stands with the connector (`Agent.checks`). */
export const AGENT_CHECKS: readonly Check[] = [
  {
    id: 'agent.assistant',
    looksAt: 'whether an assistant answers, and not the echo',
    look: ({ config }) =>
      Object.values(config?.accounts ?? {})
        .filter((account) => !hasAssistant(account))
        .map(({ id, section }) =>
          warning(
            'No assistant is set up: people get their own words back.',
            `Name one in ${section}.agents, and in ${section}.defaultAgent.`,
            subjectOf(id),
          ),
        ),
  },
  {
    id: 'agent.health',
    looksAt: 'how the assistant is, as the running daemon says',
    look: ({ daemon }) => {
      if (daemon.state !== 'running') return []
      return daemon.accounts.flatMap(({ account, assistant }) => {
        if (assistant === null || assistant === undefined || assistant.connector === 'echo') return []
        const subject = agentSubject(assistant.agent, account)
        if (assistant.ok) return [fine('It answers, or nobody has asked it since the start.', subject)]
        const { message = 'It has not answered.', action = 'The log of the daemon says why.' } =
          assistant.lastFailure ?? {}
        return [problem(sentence(message), action, subject)]
      })
    },
  },
  {
    id: 'agent.keys',
    looksAt: "whether the agents' keys and variables can be read",
    look: (facts) => agentsOf(facts).flatMap((agent) => lookAtKeys(agent, facts)),
  },
  {
    id: 'agent.connector',
    looksAt:
      'what the connector of the agent looks at: its program (`agent.program`), its server (`agent.server`), its secret (`agent.secret`)',
    look: async (facts, signal) =>
      (await Promise.all(agentsOf(facts).map((agent) => lookAtConnector(agent, facts, signal)))).flat(),
  },
]

interface NamedAgent {
  account: AccountConfig
  id: string
}

function agentsOf({ config }: DoctorFacts): NamedAgent[] {
  return Object.values(config?.accounts ?? {}).flatMap((account) =>
    Object.keys(account.agents).map((id) => ({ account, id })),
  )
}

function agentSubject(id: string, account: string): string {
  return `agent ${id} of ${subjectOf(account)}`
}

function shownOf({ account, id }: NamedAgent): (setting: string, value: string) => string {
  return (setting, value) => account.written?.[`agents.${id}.${setting}`] ?? value
}

function lookAtKeys(agent: NamedAgent, { secrets, daemon }: DoctorFacts): Found[] {
  const { account, id } = agent
  const references = referencesIn(account.agents[id]?.settings ?? {})
  if (references.length === 0) return []
  const subject = agentSubject(id, account.id)
  const shown = shownOf(agent)
  const bad = references.flatMap(({ setting, reference }) => {
    try {
      secrets.read(reference)
      return []
    } catch {
      const place = secretPlace(reference, (path) => shown(`${setting}.file`, path))
      const message = `agents.${id}.${setting} cannot be read here: ${place}.`
      // The variables of the daemon are not those of this command.
      return 'env' in reference && daemon.state === 'running'
        ? [
            warning(
              message,
              'The daemon has an environment of its own: see whether the variable is set there.',
              subject,
            ),
          ]
        : [
            problem(
              message,
              'Set the variable where the daemon starts, or let its user read the file.',
              subject,
            ),
          ]
    }
  })
  return bad.length > 0 ? bad : [fine('Its keys can be read.', subject)]
}

/** Secrets, also those that an object holds by name. */
function referencesIn(
  settings: Readonly<Record<string, unknown>>,
  path = '',
): { setting: string; reference: SecretReference }[] {
  return Object.entries(settings).flatMap(([key, value]) => {
    const setting = `${path}${key}`
    if (isReference(value)) return [{ setting, reference: value }]
    return isRecord(value) && path === '' ? referencesIn(value, `${setting}.`) : []
  })
}

/** As `readSecret` makes them: nothing else in the settings of an agent looks so. */
function isReference(value: unknown): value is SecretReference {
  return (
    isRecord(value) &&
    ['env', 'file'].some((key) => typeof value[key] === 'string') &&
    Object.keys(value).every((key) => ['env', 'file', 'written'].includes(key))
  )
}

async function lookAtConnector(agent: NamedAgent, facts: DoctorFacts, signal: AbortSignal): Promise<Found[]> {
  const subject = agentSubject(agent.id, agent.account.id)
  const checks = await checksOf(agent, facts)
  return Promise.all(checks.map((check) => lookWithin(check, subject, signal)))
}

async function checksOf(agent: NamedAgent, facts: DoctorFacts): Promise<readonly AgentCheck[]> {
  const { account, id } = agent
  const settings = account.agents[id]
  if (settings === undefined) return []
  const network = await outboundNetwork(facts).catch(() => null)
  const made = createAgent(id, settings, {
    secrets: facts.secrets,
    shown: shownOf(agent),
    fetch: network?.fetch ?? globalThis.fetch,
    programs: { account: account.id, environment: facts.env, stateDirectory: facts.stateDirectory },
  })
  return made.checks ?? []
}
