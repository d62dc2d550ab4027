import '../late-shared.ts'
import { renderConfigProblemNote } from './config-problem-note.ts'
import { renderDetails } from './details.ts'
import { renderDialogContent } from './dialog-content.ts'
import { renderPairingRows } from './pairing-rows.ts'
import { renderReplyRows } from './reply-rows.ts'
import { renderSettingsPanel } from './settings-panel.ts'

/** What only people who edit, or see to a problem, need: loaded with the first of it. */
export const EDITING_PARTS = {
  renderConfigProblemNote,
  renderDetails,
  renderDialogContent,
  renderPairingRows,
  renderReplyRows,
  renderSettingsPanel,
}
