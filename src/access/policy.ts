/** Who may write directly, as the last valid config says. `config/` builds it. */
export interface AccessPolicy {
  /** `pairing`: as `allowlist`, and strangers may ask for access. `observe`: as `allowlist`, and nobody is answered. */
  dmPolicy: 'allowlist' | 'pairing' | 'observe' | 'open' | 'disabled'
  /**
   * People, normalised and unique: E.164 numbers, and ids (`lid:<digits>`, `bsuid:<id>`) of those whose number WhatsApp hides; first `"*"`, under
   * `open`, which adds nobody by itself. Empty means nobody.
   */
  allowFrom: readonly string[]
  /**
   * Other forms of allowed numbers, here or in groups, about which WhatsApp has not answered yet whether they are the same person.
   * A sender with one of them is held until resolved.
   */
  unconfirmed?: ReadonlySet<string> | undefined
  /**
   * Whether the account's owner is answered in the chat with themself, whatever the rest of the policy says; absent where the list
   * decides it.
   */
  selfChat?: boolean | undefined
}

/** Who may write in groups, as the last valid config says. */
export interface GroupPolicy {
  /** `observe`: as `allowlist`, and nobody is answered. */
  groupPolicy: 'allowlist' | 'observe' | 'open' | 'disabled'
  /** People as in `allowFrom` (senders) and group JIDs (groups); `null` when the config names none. */
  groupAllowFrom: readonly string[] | null
  /** By group JID, or `"*"` for all of them. */
  groups: Readonly<Record<string, GroupRule>>
  /** Entries of the file that cannot be read restrict the policy nevertheless; absent where there are none. */
  unreadable?: UnreadableEntries | undefined
}

/** Entries that name no known person or group, and show that the list is not empty. */
export interface UnreadableEntries {
  /** In `groupAllowFrom`: such an entry may be meant as a sender or as a group, and counts as both. */
  entries: boolean
  /** In `groups`: a key that is no group. */
  rules: boolean
}

export interface GroupRule {
  /** False where nothing of the group is read. */
  enabled?: boolean | undefined
  /** People as in `allowFrom`: who may write there, instead of those of all groups. Empty means nobody; `["*"]`, under `open`, everybody. */
  allowFrom?: readonly string[] | undefined
  requireMention?: boolean | undefined
  agent?: string | undefined
  /** What the agent is told about the group; empty for nothing. */
  systemPrompt?: string | undefined
  /** Messages of context. */
  historyLimit?: number | undefined
}

/** What an account's settings say of people. Every question of this room takes it. */
export interface AccountPolicy {
  access: AccessPolicy
  groupAccess: GroupPolicy
}

export type Verdict =
  | { allowed: true }
  | {
      allowed: false
      reason: 'not_allowed' | 'lid_unresolved' | 'policy_disabled' | 'identity_conflict' | 'person_changed'
    }
