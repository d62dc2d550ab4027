import type { CardContext } from '../card-context.ts'

/** The field for the number of the phone that gets a pairing code. */
export const OWN_NUMBER = 'own-number'

/** Asks for the number of the phone; that of the account, where it was linked before, is in the field already. */
export function chooseCode({ account, live, set, ui }: CardContext): () => void {
  return () => {
    live.clearFailure()
    const typed = { ...ui.typed, [OWN_NUMBER]: account.phoneNumber ?? '' }
    set({ choosingCode: true, typed, focus: `#${OWN_NUMBER}` })
  }
}
