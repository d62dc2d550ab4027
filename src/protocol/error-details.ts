import type { ErrorCode } from './errors.ts'

/** What `data.details` holds, for `docs/errors.md`; an error that is not here has none. */
export const ERROR_DETAILS: Partial<Record<ErrorCode, string>> = {
  invalid_request: '`issues`: at most 20 of `{path, message}`',
  invalid_params: '`issues`: at most 20 of `{path, message}`',
  method_not_found: '`method`',
  internal_error: '`id`: the log line with this `errorId` tells what happened',
  unauthorized: '`reason`: one of [these](protocol.md#authentication-and-origins); none when no token came',
  forbidden: '`scope`: the one that is missing',
  account_not_found: '`account`, and the `accounts` that are there',
  invalid_phone_number:
    '`value` and `reason`: `too_short`, `too_long`, `invalid_length`, `invalid_country` or `not_a_number`',
  max_sessions_reached:
    '`maxAccounts`; `count` and `accounts`: of `accounts.create` those that are there, of `accounts.link` those that have the places',
  owner_busy: '`pid` and `hostname` of the other process, where they are known',
  storage_error: '`reason`: one of the [reasons](#reasons), where it is known',
  config_conflict:
    '`revision` of the file as it is now, and what stands there: `allowFrom` (of a long list the first entries, with `allowFromTotal` and `allowFromComplete: false`), `values` (`tooLong: true` in place of one that does not fit) or `accounts`',
  config_invalid: '`path`; where the file would be wrong as a whole a [problem](protocol.md#config-problem)',
  config_broken: 'the [problem](protocol.md#config-problem) of the file on disk',
  config_key_refused: '`path`, a list of names; `why`, where the key as such is refused',
  confirmation_required:
    '`confirm`: what to repeat the request with; `accounts`: those that it concerns; `lists`: those that are too long for one answer, as `{account, list, total}`',
  message_not_failed: '`state`: how the message stands',
  message_under_way: '`state`: how the message stands, when it is out already',
}
