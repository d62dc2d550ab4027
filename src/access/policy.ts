/**
 * Who may write directly, as the last valid config says. Built by `config/`, judged by `access/`; who may write under
 * `dmPolicy: "pairing"` is what `allowFrom` names, so it is read as `allowlist`.
 */
export interface AccessPolicy {
  dmPolicy: 'allowlist' | 'open' | 'disabled'
  /** E.164 numbers, normalised and unique; first `"*"`, under `open`, which adds nobody by itself. Empty means nobody. */
  allowFrom: readonly string[]
  /**
   * Other forms of numbers that are allowed, here or in groups, of which WhatsApp has not said yet whether it knows the same person by
   * them: who writes from one is not allowed, and not turned away either.
   */
  unconfirmed?: ReadonlySet<string> | undefined
}

/** Who may write in groups, as the last valid config says. */
export interface GroupPolicy {
  groupPolicy: 'allowlist' | 'open' | 'disabled'
  /** E.164 numbers (senders) and group JIDs (groups); `null` when the config names none. */
  groupAllowFrom: readonly string[] | null
  /** By group JID, or `"*"` for all of them. */
  groups: Readonly<Record<string, GroupRule>>
  /** What stands in the file and cannot be read still narrows down; absent where everything can. */
  unreadable?: UnreadableEntries | undefined
}

/** Entries that name nobody whom we know, but say that somebody is named. */
export interface UnreadableEntries {
  /** `groupAllowFrom` has what may be meant as a sender or as a group: both are named, then. */
  entries: boolean
  /** `groups` has a key that is no group. */
  rules: boolean
}

export interface GroupRule {
  requireMention?: boolean | undefined
  agent?: string | undefined
}

/** What an account's settings say of people. Every question of this room takes it. */
export interface AccountPolicy {
  access: AccessPolicy
  groupAccess: GroupPolicy
}

export type Verdict =
  | { allowed: true }
  | { allowed: false; reason: 'not_allowed' | 'lid_unresolved' | 'policy_disabled' | 'identity_conflict' }
