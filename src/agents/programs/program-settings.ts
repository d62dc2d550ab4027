import { z } from 'zod'
import { secretSchema } from '../../config/settings/secret-schema.ts'
import { member, requiredMember } from '../../config/settings/setting.ts'
import { printableSchema } from '../../protocol/text/printable-schema.ts'
import { isProgramVariable } from './program-environment.ts'

/** As Linux limits a path, and a single argument is far below its own limit. */
const MAX_PATH_LENGTH = 4_096
const MAX_ARGUMENT_LENGTH = 32_768
const MAX_ENTRIES = 100

const argument = z
  .string()
  .max(MAX_ARGUMENT_LENGTH)
  .refine((text) => !text.includes('\0'), { error: 'Must not hold the character NUL' })

const variableName = z.string().refine(isProgramVariable, {
  error:
    'Must be a name of letters, digits and _, and none that begins with WHATSAPP or AUTH_: these are the daemon’s own',
})

/** What every connector is told that starts a program. */
export const programSettings = {
  program: requiredMember(printableSchema.min(1).max(MAX_PATH_LENGTH), {
    description:
      'The program: its whole path, or a name that is looked up in `PATH`. It is refused where other users can change it. Must be given.',
    example: '/home/ann/bot/answer.py',
  }),
  args: member(z.array(argument).max(MAX_ENTRIES), {
    description:
      'Its arguments, as they are: no shell reads them. A file that one of them names is refused where other users can change it.',
    default: [],
    example: ['--quiet'],
  }),
  environment: member(
    z.record(variableName, secretSchema).refine((named) => Object.keys(named).length <= MAX_ENTRIES, {
      error: `Must have at most ${MAX_ENTRIES} entries`,
    }),
    {
      description:
        'Its environment variables besides `PATH`, `LANG` and `HOME`, each as `{ env: "NAME" }`, `{ file: "path" }` or a text. It gets no others of the daemon’s.',
      example: { GEMINI_API_KEY: { env: 'GEMINI_API_KEY' } },
    },
  ),
  workingDirectory: member(printableSchema.min(1).max(MAX_PATH_LENGTH), {
    description:
      'Where it works, a whole path; without it in a directory of its own, `$XDG_DATA_HOME/whatsappd/agents/<account>/<id>`. Never inside the state directory.',
    example: '/home/ann/bot',
  }),
}
