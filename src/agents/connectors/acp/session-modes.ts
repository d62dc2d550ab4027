import { isRecord } from '../../../protocol/is-record.ts'
import { offeredValues } from './offered-values.ts'

/** Modes in which an agent asks before it changes anything, by the ids that agents give them. */
const ASKING_MODES = ['default', 'read-only', 'ask', 'manual']

/** What is asked of an agent so that a session has the mode that it should have. */
export interface ModeChange {
  method: 'session/set_mode' | 'session/set_config_option'
  params: Record<string, unknown>
}

/**
 * What changes the mode of a session, of which `answer` is what the agent said at its beginning: to `wanted`, or without it to one in which
 * the agent asks before it uses a tool; some begin in a mode in which they decide that for themselves. `null` where nothing is to be
 * changed, and `'unknown'` where `wanted` is not offered.
 */
export function modeChange(
  answer: Record<string, unknown>,
  wanted: string | null,
): ModeChange | 'unknown' | null {
  const offer = readModes(answer)
  if (offer === null) return wanted === null ? null : 'unknown'
  const { current, ids, change } = offer
  if (wanted !== null && !ids.includes(wanted)) return 'unknown'
  const mode = wanted ?? ASKING_MODES.find((asking) => ids.includes(asking))
  return mode === undefined || mode === current ? null : change(mode)
}

interface ModeOffer {
  current: unknown
  ids: readonly string[]
  change: (mode: string) => ModeChange
}

/** Modes of their own, or as one of the session's settings. https://agentclientprotocol.com/protocol/v1/session-modes */
function readModes({ modes, configOptions }: Record<string, unknown>): ModeOffer | null {
  if (isRecord(modes)) {
    const offered: readonly unknown[] = Array.isArray(modes['availableModes']) ? modes['availableModes'] : []
    return {
      current: modes['currentModeId'],
      ids: offered.flatMap((mode) => (isRecord(mode) && typeof mode['id'] === 'string' ? [mode['id']] : [])),
      change: (modeId) => ({ method: 'session/set_mode', params: { modeId } }),
    }
  }
  const options: readonly unknown[] = Array.isArray(configOptions) ? configOptions : []
  const option = options.find((each) => isRecord(each) && each['category'] === 'mode')
  if (!isRecord(option)) return null
  return {
    current: option['currentValue'],
    ids: offeredValues(option['options']).map(({ value }) => value),
    change: (value) => ({ method: 'session/set_config_option', params: { configId: option['id'], value } }),
  }
}
