import { isRecord } from '../../../protocol/is-record.ts'

const MAX_MODELS = 500

/** The choice of a model that an agent offers in a session, as one of its settings. */
export interface SessionModels {
  /** The setting's id. */
  setting: string
  current: string
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
  const values = valuesOf(options).slice(0, MAX_MODELS)
  return {
    setting: id,
    current: currentValue,
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

/** They may stand in groups. */
function valuesOf(options: unknown): { value: string; name: string }[] {
  const listed: readonly unknown[] = Array.isArray(options) ? options : []
  return listed.flatMap((option) => {
    if (!isRecord(option)) return []
    const { value, name, options: grouped } = option
    if (grouped !== undefined) return valuesOf(grouped)
    return typeof value === 'string' ? [{ value, name: typeof name === 'string' ? name : value }] : []
  })
}
