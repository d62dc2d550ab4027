import '../../card/late-shared.ts'
import { renderTemplatePanel } from './template-panel.ts'

/** What sending a template needs: loaded when somebody wants to send one. */
export const TEMPLATE_PARTS = { renderTemplatePanel }
