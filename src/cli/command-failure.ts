/** Exit code of a command line that cannot be understood. */
export const USAGE_EXIT_CODE = 2
/** Exit code of a command that could not do its work. */
export const FAILURE_EXIT_CODE = 1
/** Exit code after Ctrl-C in a command that was not done. */
export const INTERRUPTED_EXIT_CODE = 130

/** Exit code where a message is stored and `--wait` has waited in vain. */
export const WAITED_EXIT_CODE = 3

/** What each exit code means, for the documents. */
export const EXIT_CODES: readonly { code: number; means: string }[] = [
  { code: 0, means: 'done; also after Ctrl-C in a command that goes on until then, such as `run`' },
  {
    code: FAILURE_EXIT_CODE,
    means:
      'not done, or not in order (`doctor`, `config check`): one line on standard error says why, and what to do',
  },
  { code: USAGE_EXIT_CODE, means: 'the command line cannot be understood; nothing was done' },
  {
    code: WAITED_EXIT_CODE,
    means: '`send --wait`: the message is stored and goes on by itself, but did not get so far in time',
  },
  { code: INTERRUPTED_EXIT_CODE, means: 'interrupted by Ctrl-C, or SIGTERM, before it was done' },
]

/** A failure that the person can do something about: one sentence with the cure, shown without a stack. */
export class CommandFailure extends Error {
  readonly exitCode: number

  constructor(message: string, options: { exitCode?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'CommandFailure'
    this.exitCode = options.exitCode ?? FAILURE_EXIT_CODE
  }
}
