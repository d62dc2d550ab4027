/** Who may talk, as the last valid config says. Built by `config/`, judged by `access/`. */
export interface AccessPolicy {
  dmPolicy: 'allowlist' | 'pairing' | 'open' | 'disabled'
  /** E.164 numbers, normalised and unique; first `"*"`, under `open`, which adds nobody by itself. Empty means nobody. */
  allowFrom: readonly string[]
}

/** Who may talk in groups, as the last valid config says. */
export interface GroupPolicy {
  groupPolicy: 'allowlist' | 'open' | 'disabled'
  /** E.164 numbers (senders) and group JIDs (groups); `null` when the config names none. */
  groupAllowFrom: readonly string[] | null
  /** By group JID, or `"*"` for all of them. */
  groups: Readonly<Record<string, GroupRule>>
}

export interface GroupRule {
  requireMention?: boolean | undefined
  agent?: string | undefined
}

export type Verdict =
  | { allowed: true }
  | { allowed: false; reason: 'not_allowed' | 'lid_unresolved' | 'policy_disabled' | 'identity_conflict' }
