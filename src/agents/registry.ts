import type { AgentConfig } from '../config/model.ts'
import { secretPlace } from '../config/secrets/secret-place.ts'
import type { SecretReader } from '../config/secrets/secret-reader.ts'
import { DaemonError } from '../protocol/errors.ts'
import type { Agent } from './agent.ts'
import { AgentError } from './agent-error.ts'
import { AudioConverter } from './audio/audio-converter.ts'
import type { Connector, ConnectorContext, ProgramPlace } from './connector.ts'
import { acp } from './connectors/acp/acp.ts'
import { command } from './connectors/command/command.ts'
import { demo } from './connectors/demo/demo.ts'
import { echo } from './connectors/echo/echo.ts'
import { openAiChat } from './connectors/openai-chat/openai-chat.ts'
import { webhook } from './connectors/webhook/webhook.ts'
import { webSocket } from './connectors/websocket/websocket.ts'

const TABLE = {
  acp,
  command,
  demo,
  echo,
  'openai-chat': openAiChat,
  webhook,
  websocket: webSocket,
} satisfies Record<string, Connector>

export type ConnectorName = keyof typeof TABLE

/** The connectors by the name that `agents.<id>.connector` gives. */
export const CONNECTORS: Readonly<Record<string, Connector>> = TABLE

/** What agents are handed by those who put the parts together. */
export interface AgentSurroundings extends Partial<
  Pick<ConnectorContext, 'shown' | 'fetch' | 'audio' | 'askOwner' | 'attachments' | 'answers' | 'logger'>
> {
  secrets: SecretReader
  programs: ProgramPlace
}

/** The agent with these settings. Secrets are read when it answers, not now. */
export function createAgent(
  id: string,
  { connector, settings }: AgentConfig,
  surroundings: AgentSurroundings,
): Agent {
  const { secrets, programs, shown = (_setting, value) => value } = surroundings
  const { audio = new AudioConverter(programs) } = surroundings
  const { fetch = globalThis.fetch, askOwner = () => Promise.resolve(false) } = surroundings
  const found = Object.hasOwn(CONNECTORS, connector) ? CONNECTORS[connector] : undefined
  if (found === undefined)
    throw new DaemonError('misconfigured', { message: `There is no connector "${connector}".` })
  return found.create(settings, {
    id,
    shown,
    fetch,
    programs,
    audio,
    askOwner,
    attachments: surroundings.attachments,
    answers: surroundings.answers,
    logger: surroundings.logger,
    readSecret: (reference, setting) => {
      try {
        return secrets.read(reference)
      } catch {
        const place = secretPlace(reference, (path) => shown(`${setting}.file`, path))
        throw new AgentError('misconfigured', `the key of agent "${id}" cannot be read: check ${setting}`, {
          action: `Check agents.${id}.${setting}, which is ${place}: the daemon reads it as its own user, and a variable must be set where the daemon starts.`,
        })
      }
    },
  })
}
