import '../late-shared.ts'
import '../number-shared.ts'
import { renderAnsweringProblem } from './answering-problem.ts'
import { renderBlockedRows } from './blocked-rows.ts'
import { renderConfigNotices } from './config-notices.ts'
import { renderConfigProblemNote } from './config-problem-note.ts'
import { renderDetails } from './details.ts'
import { renderHandedOverRows } from './handed-over-rows.ts'
import { renderPairingRows } from './pairing-rows.ts'
import { renderReplyRows } from './reply-rows.ts'
import { renderTakenOverRows } from './taken-over-rows.ts'

/** What is shown while somebody has to see to something: loaded with the first of it. */
export const ATTENTION_PARTS = {
  renderAnsweringProblem,
  renderBlockedRows,
  renderConfigNotices,
  renderConfigProblemNote,
  renderDetails,
  renderHandedOverRows,
  renderPairingRows,
  renderReplyRows,
  renderTakenOverRows,
}
