import type { AccountConfig } from './model.ts'

/** False where messages are answered by `echo` alone: it sends people their own words back, for trying out. */
export function hasAssistant({
  agents,
  defaultAgent,
}: Pick<AccountConfig, 'agents' | 'defaultAgent'>): boolean {
  return agents[defaultAgent]?.connector !== 'echo'
}
