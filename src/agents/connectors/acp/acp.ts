import { join } from 'node:path'
import { DEFAULT_TIMEOUT_SECONDS } from '../../../config/settings/connector-settings.ts'
import { member } from '../../../config/settings/setting.ts'
import { text } from '../../../config/settings/value-schemas.ts'
import { printableSchema } from '../../../protocol/text/printable-schema.ts'
import { defineConnector } from '../../connector.ts'
import { programCheck } from '../../programs/program-check.ts'
import { programSettings } from '../../programs/program-settings.ts'
import { judgeProgram, startProgram } from '../../programs/start-program.ts'
import { openProgramFile } from '../../programs/open-program-file.ts'
import { AcpAgent } from './acp-agent.ts'
import { permissionsSchema } from './permissions.ts'

const MAX_MODEL_LENGTH = 200

/** Any program that speaks the Agent Client Protocol: Claude Code, Gemini CLI, Codex, Qwen Code and others. */
export const acp = defineConnector({
  name: 'acp',
  description:
    'Starts a program that speaks the [Agent Client Protocol](https://agentclientprotocol.com), version 1, and keeps a session for each conversation.',
  settings: {
    ...programSettings,
    permissions: member(permissionsSchema, {
      description:
        'What the agent may do with its tools when it asks: `"reject"` nothing, `"ask"` what an owner allows in their own chat, each time, `{ allow: ["read", …], otherwise: "reject" or "ask" }` the kinds that are named. Kinds: `read`, `edit`, `delete`, `move`, `search`, `execute`, `think`, `fetch`, `switch_mode`, `other`. What an agent does without asking is decided by its own settings.',
      default: 'reject',
      example: { allow: ['read', 'search'], otherwise: 'ask' },
    }),
    agentMode: member(printableSchema.min(1).max(MAX_MODEL_LENGTH), {
      description:
        'The mode of its sessions, by its id in the agent, such as `plan`; without it the one in which it asks before it uses a tool (`default`, `read-only`), where it has one.',
      example: 'plan',
    }),
    systemPrompt: member(text, {
      description: 'Instructions for the agent, told at the beginning of each session.',
      example: 'You answer on WhatsApp. Be brief.',
    }),
    model: member(printableSchema.min(1).max(MAX_MODEL_LENGTH), {
      description: "The model, where the agent offers a choice; without it the agent's own.",
      example: 'sonnet',
    }),
  },
  create: (settings, { id, shown, readSecret, programs, askOwner }) => {
    const { program, args = [], environment = {}, workingDirectory: named, permissions = 'reject' } = settings
    const { systemPrompt, model, agentMode, timeoutSeconds } = settings
    const host = { id, shown, ...programs }
    return new AcpAgent({
      id,
      program: JSON.stringify(shown('program', program)),
      start: async () => {
        const secrets = Object.entries(environment).map(([name, secret]) => [
          name,
          readSecret(secret, `environment.${name}`),
        ])
        const request = { program, args, environment: Object.fromEntries(secrets), workingDirectory: named }
        const { directory } = judgeProgram(request, host, { create: true })
        return { program: await startProgram(request, host), directory }
      },
      openFile: (path) => openProgramFile(named, host, path),
      sessionFile: join(programs.stateDirectory, 'agents', programs.account, `${id}.sessions.json`),
      permissions,
      systemPrompt: systemPrompt ?? null,
      model: model ?? null,
      agentMode: agentMode ?? null,
      timeoutSeconds: timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS,
      askOwner,
      checks: [programCheck({ program, args, workingDirectory: named }, host)],
    })
  },
})
