import { type MessageDetail, messageDetailSchema } from '../../../protocol/agent/message-detail.ts'

/** The details of an inbox row (`inbox.details`); none where another program made something else of it. */
export function storedDetails(json: string | null): MessageDetail[] {
  if (json === null) return []
  try {
    return messageDetailSchema.array().parse(JSON.parse(json))
  } catch {
    return []
  }
}
