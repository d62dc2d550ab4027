import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'

/** The script of axe, to be run in a page first. */
export const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** An expression that runs axe: with these rules, or with all, those of WCAG 2.2 too, which axe leaves out by default. */
export function axeRun(rules: readonly string[] | null): string {
  const only = rules === null ? {} : { runOnly: { type: 'rule', values: rules } }
  return `axe.run(${JSON.stringify({ rules: { 'target-size': { enabled: true } }, ...only })})`
}

/** What axe complains of, as `rule: where`. */
export function axeComplaints({ violations }: AxeResults): string[] {
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`),
  )
}
