import { DaemonError } from '../../../protocol/errors.ts'

/** `details.reason` of `import_refused`. */
export type ImportRefusalReason =
  /** There is nothing to import. */
  | 'no_link'
  /** A program uses it. */
  | 'in_use'
  /** It was changed a moment ago. */
  | 'changed_recently'
  /** A file is torn, missing, or larger than such files are. */
  | 'damaged'

export const FORCE_ADVICE =
  'What is damaged or missing can be left out: whatsappd import --force. Then the first message of the people concerned comes a second time before it is read.'

/** Why a directory is not imported; nothing has been changed. */
export function importRefusal(
  reason: ImportRefusalReason,
  message: string,
  action: string,
  cause?: unknown,
): DaemonError {
  return new DaemonError('import_refused', { message, action, details: { reason }, cause })
}
