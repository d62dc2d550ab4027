import { renderDialogContent } from './dialog-content.ts'
import { renderSettingsPanel } from './settings-panel.ts'

/** What only people who edit need: loaded when the first of it is opened. */
export const EDITING_PARTS = { renderDialogContent, renderSettingsPanel }
