import { z } from 'zod'
import { DEFAULT_TIMEOUT_SECONDS } from '../../../config/settings/connector-settings.ts'
import { member } from '../../../config/settings/setting.ts'
import { defineConnector } from '../../connector.ts'
import { programCheck } from '../../programs/program-check.ts'
import { programSettings } from '../../programs/program-settings.ts'
import { openProgramFile } from '../../programs/open-program-file.ts'
import type { CommandOptions } from './command-options.ts'
import { ProgramPerTurn } from './program-per-turn.ts'
import { StayingProgram } from './staying-program.ts'

/** Any program of this machine: one that is run for each question, or one that stays. */
export const command = defineConnector({
  name: 'command',
  description: 'Runs a program, which reads the question on its input and writes the answer to its output.',
  settings: {
    ...programSettings,
    mode: member(z.enum(['turn', 'stay']), {
      description:
        'When the program runs. `turn`: for each question anew, and it ends with its answer. `stay`: it is started once and answers many questions, several side by side, in lines of JSON.',
      default: 'turn',
      example: 'stay',
    }),
    output: member(z.enum(['text', 'jsonl']), {
      description:
        'Of a program that is run for each question: `text`, everything that it writes is the answer; `jsonl`, lines of JSON.',
      default: 'text',
      example: 'jsonl',
    }),
    textFormat: member(z.enum(['markdown', 'plain']), {
      description:
        'What its text is: `markdown` is translated to WhatsApp’s marks, `plain` goes out as it is.',
      default: 'markdown',
      example: 'plain',
    }),
  },
  create: (settings, { id, readSecret, shown, programs }) => {
    const { program, args = [], environment = {}, workingDirectory: named, mode, output = 'text' } = settings
    const host = { id, shown, ...programs }
    const options: CommandOptions = {
      host,
      openFile: (path) => openProgramFile(named, host, path),
      checks: [programCheck({ program, args, workingDirectory: named }, host)],
      request: () => ({
        program,
        args,
        workingDirectory: named,
        // Read at every start, so that a key that was changed is used.
        environment: Object.fromEntries(
          Object.entries(environment).map(([name, reference]) => [
            name,
            readSecret(reference, `environment.${name}`),
          ]),
        ),
      }),
      timeoutSeconds: settings.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS,
      textFormat: settings.textFormat ?? 'markdown',
    }
    return mode === 'stay' ? new StayingProgram(options) : new ProgramPerTurn({ ...options, output })
  },
})
