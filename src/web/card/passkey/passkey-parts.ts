import '../late-shared.ts'
import '../number-shared.ts'
import { renderPasskeyPanel } from './passkey-panel.ts'
import { passkeyStyles } from './passkey-styles.ts'

/** What a link with a passkey needs: loaded when WhatsApp asks for one. */
export const PASSKEY_PARTS = { renderPasskeyPanel, styles: passkeyStyles }
