import '../late-shared.ts'
import { renderDialogContent } from './dialog-content.ts'
import { renderReplyRows } from './reply-rows.ts'
import { renderSettingsPanel } from './settings-panel.ts'

/** What only people who edit, or see to replies that failed, need: loaded with the first of it. */
export const EDITING_PARTS = { renderDialogContent, renderReplyRows, renderSettingsPanel }
