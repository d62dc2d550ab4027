/** Exit code of a command line that cannot be understood. */
export const USAGE_EXIT_CODE = 2
/** Exit code of a command that could not do its work. */
export const FAILURE_EXIT_CODE = 1
/** Exit code after Ctrl-C in a command that was not done. */
export const INTERRUPTED_EXIT_CODE = 130

/** A failure that the person can do something about: one sentence with the cure, shown without a stack. */
export class CommandFailure extends Error {
  readonly exitCode: number

  constructor(message: string, options: { exitCode?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'CommandFailure'
    this.exitCode = options.exitCode ?? FAILURE_EXIT_CODE
  }
}
