import { resolveStateDir } from '../state-dir.ts'

const STATE_DIR = '--state-dir'

/**
 * Where the daemon that this command line starts keeps what V8 made of the program: its state directory. `null` for other commands, which
 * load little, and with `WHATSAPPD_CODE_CACHE=off`. Read before the command line is parsed; what is wrong with it is said then.
 */
export function codeCacheDirectory(argv: readonly string[], env: NodeJS.ProcessEnv): string | null {
  const [command, ...options] = argv
  if (command !== 'run' || env['WHATSAPPD_CODE_CACHE'] === 'off') return null
  try {
    return resolveStateDir(stateDirOption(options), env)
  } catch {
    return null
  }
}

/** The last one counts, as it does for the command itself. */
function stateDirOption(options: readonly string[]): string | undefined {
  const index = options.findLastIndex((option) => option === STATE_DIR || option.startsWith(`${STATE_DIR}=`))
  const option = options[index]
  return option === STATE_DIR ? options[index + 1] : option?.slice(STATE_DIR.length + 1)
}
