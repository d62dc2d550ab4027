/** Fields that every conversation may have, in the order in which they are shown. */
const STANDARD = ['name', 'email', 'company', 'notes'] as const

/** A field of the config: its name alone, or with what people read for it. */
export type DeclaredField = string | { name: string; label?: string | undefined }

/** A field that a conversation may have. */
export interface KnownField {
  name: string
  /** What people read for it; `null` where the config gives none. */
  label: string | null
}

/** The standard fields and then those of the config, each once; a label of the config counts for a standard field, too. */
export function knownContactFields(declared: readonly DeclaredField[]): KnownField[] {
  const fields = new Map<string, string | null>(STANDARD.map((name) => [name, null]))
  for (const each of declared) {
    const { name, label } = typeof each === 'string' ? { name: each } : { label: undefined, ...each }
    fields.set(name, label ?? fields.get(name) ?? null)
  }
  return [...fields].map(([name, label]) => ({ name, label }))
}
