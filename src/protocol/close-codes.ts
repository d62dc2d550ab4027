/** Why the server closes a socket. `retry: false` means that connecting again with the same token cannot help. */
export const CLOSE_CODES = {
  stopping: { code: 1001, retry: true, summary: 'The daemon is shutting down.' },
  binary_frame: { code: 1003, retry: false, summary: 'A binary frame arrived; the protocol is text.' },
  payload_too_big: { code: 1009, retry: false, summary: 'A frame was larger than allowed.' },
  unauthorized: { code: 4401, retry: false, summary: 'The token is wrong, has expired or was revoked.' },
  token_withdrawn: {
    code: 4403,
    retry: false,
    summary: 'The token was revoked, or its key or secret replaced; authenticate with another one.',
  },
  authentication_timeout: {
    code: 4408,
    retry: true,
    summary: 'No `session.authenticate` arrived within five seconds.',
  },
  too_many_attempts: { code: 4429, retry: true, summary: 'Too many requests or failed authentications.' },
  too_many_connections: {
    code: 4503,
    retry: true,
    summary: 'The holder of the token has as many sockets open as one may, or there is no place left for it.',
  },
  token_expired: { code: 4440, retry: true, summary: 'The token expired; authenticate anew.' },
} as const satisfies Record<string, { code: number; retry: boolean; summary: string }>

export type CloseReason = keyof typeof CLOSE_CODES
