import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

export const DEPLOY = join(import.meta.dirname, '../../../deploy')
const RULES = join(DEPLOY, 'prometheus/rules.yml')

export interface Rule {
  alert: string
  expr: string
  for?: string
  labels: Record<string, string>
  annotations: Record<string, string>
}

/** The shipped rules. */
export function readRules(): Rule[] {
  // The shape of a file of rules.
  const { groups } = parse(readFileSync(RULES, 'utf8')) as { groups: { rules: Rule[] }[] }
  return groups.flatMap(({ rules }) => rules)
}

/** The same rules as text, with every wait of a second, and the ages that they ask for of two. */
export function hastyRules(): string {
  const text = readFileSync(RULES, 'utf8')
  const ages = ['last_stanza_age_seconds > 180', 'outbox_oldest_age_seconds > 600']
  return ages
    .reduce((rules, age) => {
      if (!rules.includes(age)) throw new Error(`the rules no longer say ${age}`)
      return rules.replace(age, age.replace(/\d+$/, '2'))
    }, text)
    .replaceAll(/for: \w+/g, 'for: 1s')
}
