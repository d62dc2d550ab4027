import { controls } from '../../elements/controls.ts'
import { elementStyles } from '../../elements/element-styles.ts'
import { withOwnTextSize } from '../../elements/own-text-size.ts'
import { tokens } from '../../elements/tokens.ts'
import { listStyles } from './list-styles.ts'
import { paneStyles } from './pane-styles.ts'
import { threadStyles } from './thread-styles.ts'

/** Of the whole element. */
export const conversationsStyles = withOwnTextSize([
  tokens,
  controls,
  elementStyles,
  paneStyles,
  listStyles,
  threadStyles,
])
