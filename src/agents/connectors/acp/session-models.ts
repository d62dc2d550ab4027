import { isRecord } from '../../../protocol/is-record.ts'
import { isModelName } from '../../is-model-name.ts'
import { offeredValues } from './offered-values.ts'

/** The choice of a model that an agent offers in a session, as one of its settings. */
export interface SessionModels {
  /** The setting's id. */
  setting: string
  current: string
  /** What they are called. */
  names: readonly string[]
  /** The value that a name, in any case, stands for; `null` for none. */
  find: (name: string) => string | null
}

/** Reads `configOptions`; `null` where no model can be chosen. https://agentclientprotocol.com/protocol/v1/session-config-options */
export function readModels(configOptions: unknown): SessionModels | null {
  const offered: readonly unknown[] = Array.isArray(configOptions) ? configOptions : []
  const option = offered.find(
    (each) => isRecord(each) && (each['category'] === 'model' || each['id'] === 'model'),
  )
  if (!isRecord(option)) return null
  const { id, currentValue, options } = option
  if (typeof id !== 'string' || typeof currentValue !== 'string') return null
  const values = offeredValues(options)
  return {
    setting: id,
    current: currentValue,
    names: values.map(({ name }) => name).filter(isModelName),
    find: (name) => {
      const wanted = name.toLowerCase()
      const isMeant = (text: string): boolean => text.toLowerCase() === wanted
      return (
        values.find(({ value }) => value === name)?.value ??
        values.find((each) => isMeant(each.value) || isMeant(each.name))?.value ??
        null
      )
    },
  }
}
