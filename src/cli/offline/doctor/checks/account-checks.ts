import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { accountDirectoryOf } from '../../../../accounts/life/account-directory-of.ts'
import { whyNobodyMayWrite } from '../../../../access/why-nobody-may-write.ts'
import type { AccountConfig } from '../../../../config/model.ts'
import { ACCOUNT_STATE_ROWS } from '../../../../protocol/account/account-states.ts'
import { REASONS, reason } from '../../../../protocol/reasons.ts'
import { accountLine } from '../../../remote/accounts/account-line.ts'
import { type Check, fine, type Found, problem, warning } from '../check.ts'
import type { DoctorFacts } from '../doctor-facts.ts'
import { isBusiness } from '../is-business.ts'
import { sentence } from '../../../../text/sentence.ts'

/** Of each account: who may write, and how its link is. */
export const ACCOUNT_CHECKS: readonly Check[] = [
  {
    id: 'account.allowlist',
    looksAt: 'whether anybody may write to the account',
    look: (facts) => accountsOf(facts).map(lookAtAllowlist),
  },
  {
    id: 'account.link',
    looksAt: "the account's link to WhatsApp, as the running daemon says; else whether one was made",
    look: (facts) => {
      const { daemon } = facts
      if (daemon.state !== 'running')
        return accountsOf(facts).map((account) => lookAtDirectory(account, facts))
      return daemon.accounts.map((view): Found => {
        const { account, state, reason } = view
        const subject = subjectOf(account)
        if (state === 'connected') return fine('Connected to WhatsApp.', subject)
        const what = accountLine({ ...view, reason: null }).replace(/^.*?: /, '')
        return reason === null
          ? warning(sentence(what), withoutLinks(ACCOUNT_STATE_ROWS[state].next), subject)
          : problem(reason.message, reason.action, subject)
      })
    },
  },
  {
    id: 'account.replies',
    looksAt: 'replies that WhatsApp refused',
    look: ({ daemon }) => {
      if (daemon.state !== 'running') return []
      const failed = daemon.accounts.filter(({ failedMessages }) => (failedMessages ?? 0) > 0)
      return failed.map(({ account, failedMessages }) =>
        warning(
          `${failedMessages} ${failedMessages === 1 ? 'reply' : 'replies'} failed.`,
          `See: whatsappd outbox list --account ${account}`,
          subjectOf(account),
        ),
      )
    },
  },
]

function accountsOf({ config }: DoctorFacts): AccountConfig[] {
  return Object.values(config?.accounts ?? {})
}

/** `[how](passkey.md)` is a link of the documents; a terminal has their path. */
function withoutLinks(text: string): string {
  return text.replaceAll(/\[[^\]]*\]\(([^)]*)\)/g, 'docs/$1')
}

export function subjectOf(account: string): string {
  return `account ${account}`
}

function lookAtAllowlist(account: AccountConfig): Found {
  const { id, access, section, enabled } = account
  const subject = subjectOf(id)
  if (!enabled) return warning('The account is paused.', `Set ${section}.enabled to true to go on.`, subject)
  const why = whyNobodyMayWrite(account)
  if (why === null) {
    const count = access.allowFrom.length
    return fine(
      `dmPolicy is ${access.dmPolicy}; ${count} ${count === 1 ? 'entry' : 'entries'} in allowFrom.`,
      subject,
    )
  }
  const action =
    why === 'nobody_allowed'
      ? `Add at least one phone number to ${section}.allowFrom.`
      : `Set ${section}.dmPolicy to "allowlist", or name a group in ${section}.groups.`
  return problem(REASONS[why].message, action, subject)
}

/** Whether it works, the daemon alone can say. */
function lookAtDirectory(account: AccountConfig, { stateDirectory, ways }: DoctorFacts): Found {
  const { id } = account
  const directory = accountDirectoryOf(account, stateDirectory, id)
  const subject = subjectOf(id)
  if (existsSync(join(directory, 'account.db')))
    return fine(`Something is stored in ${directory}; the running daemon says whether it is linked.`, subject)
  if (existsSync(directory) && ways.linkImporter.holdsLink(directory)) {
    const { message, action } = reason('import_required', directory)
    return problem(message, action, subject)
  }
  return warning(
    'The account has never been opened here.',
    isBusiness(account)
      ? 'Start the daemon: whatsappd run.'
      : 'Start the daemon (whatsappd run), then link it: whatsappd link.',
    subject,
  )
}
