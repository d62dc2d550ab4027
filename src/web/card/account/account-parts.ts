import '../late-shared.ts'
import '../number-shared.ts'
import { renderAccountAttention } from './account-attention.ts'
import { accountEdits } from './account-edits.ts'
import { renderAccountList } from './account-list.ts'
import { accountStyles } from './account-styles.ts'
import { renderActivity } from './activity.ts'
import { renderBusiness } from './business.ts'
import { renderAddAccount } from './add-account.ts'
import { renderAllowedNumbers } from './allowed-numbers.ts'
import { renderCodeForm } from './code-form.ts'
import { renderEnabledSwitch } from './enabled-switch.ts'
import { renderSettings, renderSharing } from './folded.ts'
import { renderIdentity } from './identity.ts'
import { renderNumbersDialog } from './numbers-dialog.ts'

/** What stands around the status of an account: loaded while the card connects, and missing until it is there. */
export const ACCOUNT_PARTS = {
  accountEdits,
  renderAccountAttention,
  renderAccountList,
  renderActivity,
  renderAddAccount,
  renderAllowedNumbers,
  renderBusiness,
  renderCodeForm,
  renderEnabledSwitch,
  renderIdentity,
  renderNumbersDialog,
  renderSettings,
  renderSharing,
  styles: accountStyles,
}
