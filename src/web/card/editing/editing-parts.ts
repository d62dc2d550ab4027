import '../late-shared.ts'
import '../number-shared.ts'
import { renderAddAccountForm } from './add-account-form.ts'
import { allowedNumberEdits } from './allowed-number-edits.ts'
import { renderDialogContent } from './dialog-content.ts'
import { saveSettings } from './save-settings.ts'
import { renderSettingsPanel } from './settings-panel.ts'

/** What only people who edit need: loaded with the first edit. */
export const EDITING_PARTS = {
  allowedNumberEdits,
  renderAddAccountForm,
  renderDialogContent,
  renderSettingsPanel,
  saveSettings,
}
