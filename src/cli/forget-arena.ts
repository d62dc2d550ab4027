/** Set by the first lines of the program when they set `MALLOC_ARENA_MAX`. */
const SET_BY_US = 'WHATSAPPD_SET_ARENA'

/** Takes what the first lines of the program set for its own memory out of `env`: programs that this one starts do not inherit it. */
export function forgetArena(env: NodeJS.ProcessEnv): void {
  if (env[SET_BY_US] === '1') delete env['MALLOC_ARENA_MAX']
  delete env[SET_BY_US]
}
