import { z } from 'zod'

/** The lists of an account that may be too long for one answer. */
export const CONFIG_LISTS = ['allowFrom', 'groupAllowFrom', 'groups', 'senders', 'agents'] as const

export type ListName = (typeof CONFIG_LISTS)[number]

const total = (what: string) =>
  z.number().int().nonnegative().optional().describe(`How many ${what} there are. Absent from older daemons.`)
const complete = (list: string) =>
  z
    .boolean()
    .optional()
    .describe(
      `False where \`${list}\` holds only the first of them, because all would not fit; \`config.listEntries\` has the rest. Absent from older daemons.`,
    )

/** What says of each list of an account whether it is shown as a whole. */
export const listSizes = {
  allowFromTotal: total('entries of `allowFrom`'),
  allowFromComplete: complete('allowFrom'),
  groupAllowFromTotal: total('entries of `groupAllowFrom`'),
  groupAllowFromComplete: complete('groupAllowFrom'),
  groupsTotal: total('groups with rules'),
  groupsComplete: complete('groups'),
  sendersTotal: total('senders'),
  sendersComplete: complete('senders'),
  agentsTotal: total('agents'),
  agentsComplete: complete('agents'),
}
