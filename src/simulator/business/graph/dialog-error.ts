import { GraphError } from './graph-error.ts'

/** What 360dialog refuses before it asks Meta: in a shape of its own, without a code. Source: its API reference. */
export class DialogError extends GraphError {
  constructor(status: number, message: string) {
    super(0, { status, message })
  }

  override body(): object {
    const { status, message } = this
    return { meta: { success: false, http_code: status, developer_message: message } }
  }
}
