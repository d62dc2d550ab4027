/** Whether the package is one that npm, Node and bundlers can use: `publint`, strictly, but for one message. */
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'

/** The program begins with a line for `sh`, which starts Node with flags also where `env` knows no `-S`. */
const IS_MEANT = new Set(['BIN_FILE_NOT_EXECUTABLE'])

const { messages, pkg } = await publint({ strict: true })
const wrong = messages.filter(({ code }) => !IS_MEANT.has(code))
for (const message of wrong) console.error(formatMessage(message, pkg))
process.exitCode = wrong.length > 0 ? 1 : 0
