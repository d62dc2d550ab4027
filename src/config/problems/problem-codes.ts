/** Every code a problem of the config file can have. Frozen once published; source of a table in `docs/config.md`. */
export const PROBLEM_CODES = {
  syntax: 'Not JSON5, or not written whole.',
  empty: 'The file is there, but empty. To allow nobody, write `{}`.',
  too_large: 'Larger than 1 MiB, or a text that is too long with its variables.',
  unreadable: 'The file is gone, or cannot be read.',
  replaced_outside:
    'Mounted into a container, and moved or replaced outside: its present content cannot be seen from here. Restart the container, and mount the directory of the file instead of the file.',
  duplicate_key:
    'A key is twice in one object, or a number twice in `senders`; the place is that of the second.',
  wrong_type: 'A value of another kind, such as a text where a list belongs.',
  invalid_value: 'Of the right kind, but not one of the possible values.',
  unknown_key: 'An unknown key; the message says which one was probably meant.',
  too_short: 'A phone number with too few digits for its country.',
  too_long: 'A phone number with too many digits for its country.',
  invalid_length: 'No phone number of this country has this many digits.',
  invalid_country: 'A phone number that does not begin with a known country code.',
  not_a_number: 'Not a phone number at all.',
  bad_include:
    'An `$include` that cannot be followed: the file is missing, not a file, outside of the directory of the config file, includes itself, or is one of too many.',
  wildcard: '`"*"` without `dmPolicy: "open"`, or in `groupAllowFrom` without `groupPolicy: "open"`.',
  open_without_wildcard: '`dmPolicy: "open"` without `allowFrom: ["*"]`.',
  not_a_group: 'Neither `"*"` nor the address of a group, such as `120363000000000000@g.us`.',
  bad_account_id: 'An account id with other characters than letters, digits, `-` and `_`, or longer than 64.',
  two_sections: 'Both `channels.whatsapp` and `connectors.whatsapp`.',
  unknown_account: '`defaultAccount` names an account that is not there.',
  unknown_agent: '`defaultAgent`, a group or a sender names an agent that is not there.',
  unknown_emoji: '`ackReaction.emoji` is neither one emoji nor the name of one that is known here.',
  shared_directory: 'Two accounts name the same `authDir`.',
  unset_variable: 'A text refers to an environment variable (`${NAME}`) that is not set, or is empty.',
  missing_setting: 'A setting that another one needs beside it is not there.',
  unsupported: 'Declared, but not built in this version.',
  root_key_needs_loopback: '`noiseRootKey` without a `webSocketUrl` on this machine.',
  internal: 'A fault of the daemon and not of the file: its log says why the file could not be read.',
} as const

/** Codes of what is worth saying but keeps no file from being used. */
export const NOTICE_CODES = {
  duplicate_number: 'A phone number is twice in a list; it counts once.',
  foreign_key: 'A key of another tool that shares this section; it has no use here.',
  other_meaning:
    'A key of another tool that counts here, or one whose meaning differs between tools; the message says what it does in this file.',
  no_effect_yet: 'Accepted, but without effect in this version.',
  literal_secret: 'A secret is written in the file in clear text.',
  unusable_key:
    'A key that is referred to could not be read when the file was, or cannot be used: tokens that need it are refused.',
  near_miss:
    'A section or a setting under another name or at another place than it is read, such as `channels.WhatsApp`, `whatsapp` at the root, or `auth` outside of `whatsappd`.',
  owner_not_allowed: 'Somebody in `commands.owners` may not write anywhere, and is no owner for that.',
  old_version: 'A version of the Graph API that Meta has ended, or ends soon.',
  ignored: 'A section or value that has a meaning in another tool, and none here.',
} as const

/** Of no consequence: they come after the others, and the card keeps them folded. */
export const QUIET_NOTICES: ReadonlySet<string> = new Set([
  'foreign_key',
  'duplicate_number',
] satisfies (keyof typeof NOTICE_CODES)[])

export type ProblemCode = keyof typeof PROBLEM_CODES
export type NoticeCode = keyof typeof NOTICE_CODES
