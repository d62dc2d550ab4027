import { controls } from '../../elements/styles/controls.ts'
import { elementStyles } from '../../elements/styles/element-styles.ts'
import { withOwnTextSize } from '../../elements/styles/own-text-size.ts'
import { switchStyles } from '../../elements/styles/switch-styles.ts'
import { tokens } from '../../elements/styles/tokens.ts'
import { listStyles } from './list-styles.ts'
import { paneStyles } from './pane-styles.ts'
import { threadStyles } from './thread-styles.ts'

/** Of the whole element. */
export const conversationsStyles = withOwnTextSize([
  tokens,
  controls,
  elementStyles,
  switchStyles,
  paneStyles,
  listStyles,
  threadStyles,
])
