import { DEFAULT_TIMEOUT_SECONDS } from '../../../config/settings/connector-settings.ts'
import { member } from '../../../config/settings/setting.ts'
import { count } from '../../../config/settings/value-schemas.ts'
import { defineConnector } from '../../connector.ts'
import { AttachedAgent } from './attached-agent.ts'

const DEFAULT_WAIT_SECONDS = 30

/** Any program of the sandbox that connects to the control plane. */
export const webSocket = defineConnector({
  name: 'websocket',
  description:
    'Waits for a program of the sandbox that connects to the control plane with scope `agent` and calls `agent.attach`. Messages wait while there is none.',
  settings: {
    waitSeconds: member(count.max(86_400), {
      description:
        'How long a message waits for a program before its writer is told, once, that the assistant is not available. The message is still answered later.',
      default: DEFAULT_WAIT_SECONDS,
      example: 10,
    }),
  },
  create: ({ waitSeconds, timeoutSeconds }, { id, programs, attachments }) =>
    new AttachedAgent({
      place: { account: programs.account, agent: id },
      attachments: attachments ?? null,
      timeoutSeconds: timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS,
      waitSeconds: waitSeconds ?? DEFAULT_WAIT_SECONDS,
    }),
})
