import { randomInt } from 'node:crypto'
import type { Logger } from 'pino'
import { ERRORS, DaemonError } from '../../protocol/errors.ts'
import type { ErrorObject, ErrorResponse, RequestId } from '../../protocol/frames.ts'
import { errorResponseSchema } from '../../protocol/frames.ts'
import { REASONS } from '../../protocol/reasons.ts'
import { StorageError } from '../../storage/storage-error.ts'

const ERROR_ID_LENGTH = 16
const FIRST_LETTER = 'a'.charCodeAt(0)

/** The frame for a failure. What is not a known error is logged under an id, and the peer gets only the id. */
export function errorResponse(id: RequestId | null, error: unknown, logger: Logger): ErrorResponse {
  const known = error instanceof DaemonError ? error : (fromStorage(error) ?? internalError(error, logger))
  return errorResponseSchema.parse({ jsonrpc: '2.0', id, error: toErrorObject(known) })
}

function toErrorObject(error: DaemonError): ErrorObject {
  return {
    code: ERRORS[error.code].rpcCode,
    message: error.message,
    data: {
      code: error.code,
      retryable: error.retryable,
      ...(error.action === undefined ? {} : { action: error.action }),
      ...(error.details === undefined ? {} : { details: error.details }),
    },
  }
}

function fromStorage(error: unknown): DaemonError | null {
  if (!(error instanceof StorageError)) return null
  const { message, action } = REASONS[error.reason]
  return new DaemonError('storage_error', {
    message,
    action,
    details: { reason: error.reason },
    cause: error,
  })
}

function internalError(error: unknown, logger: Logger): DaemonError {
  const id = errorId()
  logger.error({ err: error, errorId: id }, 'a request failed')
  return new DaemonError('internal_error', { details: { id } })
}

/** Letters only: redaction would take a run of digits for a phone number, and the log could not be searched for it. */
function errorId(): string {
  return Array.from({ length: ERROR_ID_LENGTH }, () =>
    String.fromCharCode(FIRST_LETTER + randomInt(26)),
  ).join('')
}
