import { LatePart } from './late-part.ts'

/** Whose number it is and who may write, its settings, and the list of all accounts. */
export const account = new LatePart(async () => (await import('./account/account-parts.ts')).ACCOUNT_PARTS)

/** What waits for a person, and what is technical of problems. Both of these act by what `account` brings. */
export const attention = new LatePart(async () => {
  await account.part()
  return (await import('./attention/attention-parts.ts')).ATTENTION_PARTS
})

/** A Business number: its set-up, what is known of it, and the way to connect one. */
export const business = new LatePart(
  async () => (await import('./business/business-parts.ts')).BUSINESS_PARTS,
)

/** The dialog, the settings, and what saves them. */
export const editing = new LatePart(async () => {
  await account.part()
  return (await import('./editing/editing-parts.ts')).EDITING_PARTS
})

/** Linking: steps, QR and pairing code, and the link to give away, which has a QR too. */
export const linking = new LatePart(async () => (await import('./linking/linking-parts.ts')).LINKING_PARTS)

/** Linking with a passkey, which few accounts have. */
export const passkey = new LatePart(async () => (await import('./passkey/passkey-parts.ts')).PASSKEY_PARTS)

export const LATE_PARTS = [account, attention, business, editing, linking, passkey]
