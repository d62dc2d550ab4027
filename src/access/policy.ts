/** Who may talk, as the last valid config says. Built by `config/`, judged by `access/`. */
export interface AccessPolicy {
  dmPolicy: 'allowlist' | 'pairing' | 'open' | 'disabled'
  /** E.164 numbers, normalised and unique. Empty means nobody (unless `open`). */
  allowFrom: readonly string[]
}

export type Verdict =
  | { allowed: true }
  | { allowed: false; reason: 'not_allowed' | 'lid_unresolved' | 'policy_disabled' | 'identity_conflict' }
