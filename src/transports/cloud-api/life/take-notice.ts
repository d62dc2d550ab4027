import type { Logger } from 'pino'
import type { ConnectionFile } from '../credentials/connection-file.ts'
import type { TemplateCatalog } from '../templates/template-catalog.ts'
import type { BusinessFactsStore } from './business-facts.ts'
import type { BusinessLife } from './business-life.ts'
import { type BusinessNotice, effectOfNotice, type NoticeRecipient } from './business-notice.ts'

/** How soon after such a webhook WhatsApp is asked: several come together. */
const NOTICE_DELAY_MS = 2_000
/** A number that was taken off the Cloud API for a moment mostly comes back within minutes. */
const OFFBOARDED_MS = 5 * 60_000

export interface TakeNoticeDependencies {
  to: NoticeRecipient
  facts: BusinessFactsStore
  file: ConnectionFile
  life: Pick<BusinessLife, 'end' | 'checkSoon'>
  templates: Pick<TemplateCatalog, 'statusChanged'>
  /** The status may be another. */
  changed: () => void
  logger: Logger
}

/** Does what Meta's news of the account mean for this number. Throws `StorageError`. */
export function takeNotice(notice: BusinessNotice, deps: TakeNoticeDependencies): void {
  const { to, facts, file, life, templates, changed, logger } = deps
  const effect = effectOfNotice(notice, to)
  if (effect === null) return
  if (effect.kind === 'template') return templates.statusChanged(notice.value)
  logger.info({ field: notice.field, effect: effect.kind }, 'WhatsApp tells of the Business account')
  switch (effect.kind) {
    case 'end':
      life.end(effect.failure)
      if (effect.failure.reason === 'business_offboarded') life.checkSoon(OFFBOARDED_MS)
      return
    case 'restriction':
      facts.update({ restriction: effect.restriction })
      changed()
      return life.checkSoon(NOTICE_DELAY_MS)
    case 'pin_changed': {
      const stored = file.current
      if (stored !== null) file.store({ ...stored, pin: null })
      return
    }
    case 'check':
      return life.checkSoon(NOTICE_DELAY_MS)
  }
}
