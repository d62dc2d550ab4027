import type { CardContext } from '../card-context.ts'

/** The account's name for people. */
export function accountName({ account, settings, say }: CardContext): string {
  const name = settings?.name ?? account.name
  return name ?? (account.account === 'default' ? say("Your assistant's number") : account.account)
}
