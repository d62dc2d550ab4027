import { INVALID_TOKEN_CAUSES, TOKEN_REFUSALS } from '../../protocol/tokens/token-refusals.ts'

/** The parts of `docs/protocol.md` that do not follow from a table. */
export const TITLE_SECTION = `# The control-plane protocol, version 1

JSON-RPC 2.0 over WebSocket at \`/v1/ws\`, one JSON value a text frame. Field names are camelCase, times ISO 8601 in UTC, phone
numbers E.164. For programs the same is in [openrpc.json](openrpc.json) (methods) and [asyncapi.json](asyncapi.json) (events).`

export const RULES_SECTION = `## Order

1. The server sends \`server.hello {name, version, minProtocolVersion, maxProtocolVersion}\`.
2. The client sends \`session.authenticate {token}\` as its first message, within five seconds and in at most 8 KiB. Or it offers
   the subprotocols \`whatsappd.v1, bearer.<token>\` with the upgrade; the server then answers with \`whatsappd.v1\` alone. A wrong
   token closes the socket with 4401, after an error that says why (with \`"id": null\` when it came with the upgrade).
3. The client calls what its scopes allow. \`session.subscribe {since?, topics?}\` answers with a snapshot. Right after the answer
   come the stored events after \`since\`, then live ones: no gap, no duplicate, in order of \`eventId\`.

Replayed events have an \`eventId\` up to that of the answer. The snapshot is newer than they are: use them as history, the snapshot
as the state. \`gap: true\` says that something after \`since\` can no longer be replayed; the snapshot is still complete.

A token that came with the upgrade is in force from the start: \`session.authenticate\` is not needed then, and only answers with scopes and methods.
Answers come in the order in which the requests end, so match them by \`id\`; they and the events share one stream, and the event of a change that a request made may
arrive before its answer.

## Framing and limits

- A request is \`{"jsonrpc": "2.0", "id": 1, "method": "…", "params": {…}}\`. \`id\` (string or integer) is required, \`params\` is an object or
  missing, batches are refused. Unknown keys are refused by name; answers and events may gain keys within a version, and events may gain
  names: skip what you do not know. A new method shows in the \`methods\` of \`session.authenticate\`.
- An answer is \`{"jsonrpc": "2.0", "id": 1, "result": {…}}\`, or has \`error\` in the place of \`result\` (see [Errors](#errors)).
- An event is a notification: \`{"jsonrpc": "2.0", "method": "account.status", "params": {"eventId": 17, "at": "…", …}}\`.
- Frames to the server are at most 64 KiB, frames from it at most 256 KiB. No compression, no binary frames. A message has at most 64 fragments, and a frame arrives in at most 512 pieces:
  beyond it the socket is closed with 1008. Pings and pongs of the client: 60 at once and two a second, then 4429.
- What does not fit into a frame is made smaller and never fails: texts are cut (they end in "…"), then lists lose their last entries, and last of all those that say who may talk and
  which accounts there are. \`truncated\` (of the result, of \`error.data\` or of the event's \`params\`) then says which lists and texts are not complete: see [truncated](#truncated).
- Names come as one printable line of at most 100 characters: without control characters, line breaks, and marks that turn the direction of writing. A text in an event has at most 1,000
  characters, an event 32 KiB.
- The server sends a ping (RFC 6455) every 25 s and cuts a peer off that leaves two unanswered. A proxy that cuts silent sockets sooner is kept awake by \`session.ping\`.
- At most 32 requests under way and 50 a second (200 at once) on one socket; beyond it \`rate_limited\`, and after 100 of these in a row 4429.
  A client that is attached to an agent may send 1,000 requests a second (4,000 at once) instead, as the pieces of its answers need it. A turn that is handed to it fits into a frame; the oldest of its history is left out for that.
- Of all that is connected, at least 512 descriptors of the process (half of them where it has fewer than 1,024) stay free for everything else. Beyond it the oldest connection without a WebSocket of
  the busiest address is cut. At most 2,048 sockets have authenticated (or three quarters of what may be connected), and 256 have not (or an eighth): the oldest of the source that has
  most of them is cut.
- One holder of a token has at most 64 sockets, and on all of them together 100 requests a second (400 at once, those over HTTP included) and two subscriptions a second (64 at once); beyond it
  \`rate_limited\` with \`details.reason\` \`too_many_connections\` (a socket without another token is then closed with 4503) or \`too_many_subscriptions\`. A holder is a user of a dashboard with all tokens, a
  token that \`whatsappd token\` printed, or a page's session. The local token may open all sockets, with ten times as many requests; 64 places are reserved for it and for pages, 16 of them for it alone.
- Over HTTP without a token: 100 requests a second (300 at once) from one source, then 429 with \`Retry-After\`; \`/livez\` is not counted.
- Wrong tokens and codes: 30 at once and one every two seconds from one source, 300 and five a second from all together. Beyond it they get 4429, over HTTP
  429. A correct token is never delayed by that.
- A subscriber that reads too slowly may miss states that a newer one of the same account supersedes (\`account.status\`,
  \`account.qr\`, \`account.linkCode\`), never anything else. With 1 MiB unread it is cut off; it resumes with \`since\`.
- The log keeps the last 10,000 events; at most 1,000 of them, and 704 KiB, are replayed at once: beyond it the newest, with \`gap: true\`.

## Errors

\`error\` is \`{code, message, data}\`: \`code\` the number of JSON-RPC, \`message\` a sentence for a person, \`data\` \`{code, retryable, action?, details?}\`. Decide by \`data.code\`: it is one of
[these](errors.md#errors) and never changes its meaning; treat one that you do not know by its \`retryable\`. \`id\` is \`null\` when the request could not be read so far. Over HTTP an error is
\`{"error": {"code", "message"}}\` with the same codes, and \`action\` and \`details\` where there are any.

## Reconnecting

- A socket ends with one of the [close codes](#close-codes), or without any (1006 in most libraries): the network, a proxy, or a peer that was cut off. Connect again after a pause that grows
  and is drawn at random (half a second to 15 s, say), with a fresh token where yours may have expired; then \`session.subscribe {since}\` with the last \`eventId\` that you handled.
- A request that was under way may have been done or not: ask for the state, or repeat it. Every method may be repeated; an edit with \`revision\` then answers \`config_conflict\` if it had been
  done, \`outbox.retry\` \`message_not_failed\`, \`outbox.discard\` \`message_not_found\`.
- No socket at all: ask \`GET /livez\` at the same address (any origin may). It answers: the daemon runs, and refused the upgrade (the origin, or a proxy that passes no WebSockets). Something else
  answers, such as a proxy with 502: the daemon is offline. Nothing answers: the tunnel is closed.
- An upgrade is refused with 403 for its origin, 404 for its path, 503 when the daemon stops, 400 or 405 when it is none.

## Authentication and origins

- The local token is in \`<state dir>/token\` (0600, 256 bits). It carries every scope.
- Who holds the local token can let the daemon prove that it holds it too before showing it: \`session.prove {challenge}\` may come before \`session.authenticate\`, on the same socket.
  The proof is valid for that socket's address only. It opens nothing, and the five seconds go on.
- A JWT is verified with the keys of \`whatsappd.auth\` and carries the scopes that it names, for an hour at most; so does what
  \`whatsappd token --scope read,link --ttl 15m\` prints. [security.md](security.md) shows a dashboard's setup.
- Instead of the first message, a token may come with the upgrade: as subprotocol, or as \`Authorization: Bearer <token>\`.
- \`session.authenticate\` again replaces the token of a living socket; what was sent before it is judged by the old one. When the new one is refused, the old one counts until its own end.
- A refused token is \`unauthorized\` with \`details.reason\`, and \`details.claim\` where a claim is to blame, over HTTP too:
${Object.entries(TOKEN_REFUSALS)
  .map(([reason, message]) => `  - \`${reason}\`: ${message}`)
  .join('\n')}
- The owner of the sandbox sees more, in the log and in \`refusedTokens\` of the [config view](#config-view). In the place of \`invalid_token\`:
${Object.entries(INVALID_TOKEN_CAUSES)
  .map(([cause, message]) => `  - \`${cause}\`: ${message}`)
  .join('\n')}
- \`POST /v1/login-links\` with \`Authorization: Bearer <local token>\` answers \`{link, expiresAt}\`: a URL whose fragment holds a code
  that works once, within five minutes. The page trades it at \`POST /v1/session {code}\` for \`{token, expiresAt}\`, a token of twelve
  hours that ends with the daemon.
- A token is never put into a URL. When it expires, its sockets are closed with 4440; when it is revoked, or its key or secret
  replaced, with 4403. Both within a second.
- A request with an \`Origin\` header is served only when the origin is in \`whatsappd.allowedOrigins\`, exactly, or is a loopback
  address at the daemon's own port. Otherwise the upgrade is answered with 403.

## Editing the config

- Every edit writes the sandbox's own file: what it does not name stays byte for byte, comments and layout included. The write is atomic, keeps mode and owner, and follows links.
  A file that is mounted by itself, or that has a second name (a hard link), is written in place; until it is complete it begins with a zero byte, so that no program takes it for a config.
- An edit is all or nothing, and what it leads to is checked before it is written: \`config_invalid\` names path, line and column.
- With \`revision\` an edit holds only for the file that the caller has read. Otherwise it is \`config_conflict\`, whose \`details\` are what a merge needs: the \`revision\` of
  now, and the \`allowFrom\`, the \`values\` (by \`path\` and \`account\`; \`unset\` where there is none) or the \`accounts\` of the file.
- \`config.update\` sets only what the table of \`docs/config.md\` marks for dashboards, and inside of it only keys that are declared there: no connector, program, path, address or secret,
  and nothing of another tool that shares the section. A \`path\` begins below the account: \`typing\`, \`ackReaction.emoji\`, \`["senders", "+15555550101", "agent"]\`.
- \`config.addAllowFrom\`, \`config.removeAllowFrom\` and \`config.setAllowFrom\` edit the list of one account: its own, or the one at the root. Where other accounts use the
  one at the root too, the account gets its own with the first edit, beginning with a copy of the root's, so that nothing changes for the others.
- An edit that allows everybody, or nobody any more, is \`confirmation_required\` until \`confirm\` says that a person wants it. Removing numbers with
  \`config.removeAllowFrom\` or \`config.setAllowFrom\` needs none: the method itself says what it does.
- \`configWrites: false\` in the file forbids all of it (\`config_read_only\`), in an account every edit of that account.

## HTTP

| route | answers |
|---|---|
| \`GET /livez\` | 200 \`{"status": "ok"}\` while the process serves, whatever its links do: a daemon that waits for a scan is alive |
| \`GET /readyz\` | 200 when every enabled account is connected, otherwise 503; accounts counted by state |
| \`GET /readyz?account=<id>\` | the same for this account alone, also with \`deep\`; given more than once, for each of them. 503 for one that is not enabled or not there |
| \`GET /readyz?deep\` | the same, and 503 also while the assistant of an enabled account does not answer; assistants counted by \`ok\` or the code of their [failure](errors.md#failures-of-an-assistant). Known from the questions that came: nothing is asked for the probe |
| \`GET\` and \`POST /webhooks/whatsapp/<account>\`, \`…/<account>/<secret>\` | where WhatsApp's server confirms the address and posts, for accounts on a Business number. Without a token: each request proves by its signature, or by the secret in its path, who sent it. 200 once everything in it is on disk; 401 and 403 for everybody else, 404 where no such account is, 413 beyond 4 MiB, 415 for a body that is compressed, 500 and 503 for what must come again |
| \`GET /\` | the page for the sandbox's own user |
| \`GET /card.js\`, \`GET /page.js\`, \`GET /shared-….js\` | the web component, the page's script, and what they import; the last are named for their content |
| \`GET /v1/accounts\` | the answer of [\`accounts.list\`](#accountslist), with the same scope \`read\` and the same parameter (\`?after=<id>\`): for a backend that asks many sandboxes and keeps no socket to any |
| \`POST /v1/accounts/<id>/messages\` | sends a message: the body is what [\`messages.send\`](#messagessend) takes without \`account\`, \`?queue=1\` is its \`queue\`. 201 for a new message, 200 for a request that was made before ([sending.md](sending.md)) |
| \`GET /v1/accounts/<id>/templates\` | the approved templates of a WhatsApp Business number: [\`templates.list\`](#templateslist); \`?refresh=1\` asks WhatsApp anew |
| \`GET /v1/accounts/<id>/messages/<messageId>\` | what became of it: [\`messages.get\`](#messagesget) |
| \`POST /v1/accounts/<id>/media\` | uploads a file, the body, to send it within an hour; \`?name=\` is what it is called. 201 \`{mediaId, expiresAt, size, mimeType}\`. With scope \`send\`; at most \`mediaMaxMb\` |
| \`GET /v1/accounts/<id>/media/<mediaId>\` | a file of a message, or an upload; one \`Range\` is served. With scope \`conversations\`. Always as an attachment |
| \`GET /v1/media/<id>\` | a file of a turn that is open, for assistants that cannot read this machine's disk; the path stands in the turn (\`attachments[].url\`). With scope \`agent\`. Always as an attachment; 404 once the turn is over |
| \`POST /v1/turns/<id>\` | takes the answer to a turn that was posted to a [webhook](agents.md#webhook), with scope \`agent\`: \`{"text": "…"}\`, a plain text, or the steps \`{"type": "delta", "text": "…"}\` and \`{"type": "done"}\` (or \`{"type": "fail"}\`), one a request or as JSON Lines. Answered with \`{"turn": "<id>"}\`; 404 \`turn_not_found\`, 409 \`turn_answered\` and \`turn_not_yours\`, 410 \`turn_over\`. At most 24 MiB |
| \`GET /metrics\` | figures for Prometheus ([operations](operations.md#metrics)), with scope \`metrics\` |
| \`POST /mcp\` | the [Model Context Protocol](mcp.md) over streamable HTTP, with the scopes of the token |
| \`POST /v1/session\` | a code for a token |
| \`POST /v1/login-links\` | a fresh link to the page, for the holder of the local token |

Messages are at most 512 KiB. Other bodies are JSON of at most 4 KiB; \`POST /v1/login-links\` needs none. On the machine of the daemon:

\`\`\`sh
curl -s http://127.0.0.1:8765/livez
curl -s http://127.0.0.1:8765/readyz
curl -s -H "Authorization: Bearer $(cat ~/.local/state/whatsappd/token)" http://127.0.0.1:8765/v1/accounts
curl -s -X POST -H "Authorization: Bearer $(cat ~/.local/state/whatsappd/token)" http://127.0.0.1:8765/v1/login-links
\`\`\`

A request has five seconds for its headers, and ten for its body; a file that is uploaded has a quarter of an hour. Every answer, also one that refuses an upgrade, has the headers \`Content-Security-Policy\`, \`X-Content-Type-Options: nosniff\`,
\`X-Frame-Options: DENY\`, \`Referrer-Policy: no-referrer\` and \`Cache-Control: no-store\` (\`card.js\` and \`page.js\`: \`no-cache\`, with an ETag; \`shared-….js\`: to be kept for a year).

Under \`/v1/\` a request without a valid token is 401 before it is anything else. Everything else is 404. Pages of \`allowedOrigins\` may read the answers below \`/v1/accounts/\` (CORS). All of it for programs: [openapi.json](openapi.json). Errors are \`{"error": {"code", "message"}}\`.`

export const EXAMPLES_SECTION = `## Worked example

A dashboard that shows a QR (\`→\` to the daemon, \`←\` from it, \`…\` is left out):

\`\`\`
← {"jsonrpc":"2.0","method":"server.hello","params":{"name":"whatsappd","version":"…","minProtocolVersion":1,"maxProtocolVersion":1}}
→ {"jsonrpc":"2.0","id":1,"method":"session.authenticate","params":{"token":"…"}}
← {"jsonrpc":"2.0","id":1,"result":{"scopes":["read","link","config","send","agent","conversations","metrics"],"expiresAt":null,"methods":["session.authenticate",…]}}
→ {"jsonrpc":"2.0","id":2,"method":"session.subscribe","params":{}}
← {"jsonrpc":"2.0","id":2,"result":{"snapshot":{"accounts":[{"account":"default","state":"unlinked",…}],"offers":[],"config":{…},"blocked":[],…},"eventId":1,"replayed":0,"gap":false,"at":"…"}}
→ {"jsonrpc":"2.0","id":3,"method":"accounts.link","params":{"method":"qr"}}
← {"jsonrpc":"2.0","method":"account.status","params":{"eventId":3,"at":"…","account":"default","state":"awaiting_scan",…}}
← {"jsonrpc":"2.0","method":"account.qr","params":{"eventId":null,"at":"…","account":"default","method":"qr","qr":"https://wa.me/settings/linked_devices#2@…","sequence":1,"remaining":5,"expiresAt":"…"}}
← {"jsonrpc":"2.0","id":3,"result":{"account":"default","method":"qr","qr":"https://wa.me/settings/linked_devices#2@…","sequence":1,"remaining":5,"expiresAt":"…"}}
\`\`\`

A refused request:

\`\`\`
→ {"jsonrpc":"2.0","id":4,"method":"config.addAllowFrom","params":{"allowFrom":["+1 555"]}}
← {"jsonrpc":"2.0","id":4,"error":{"code":-32016,"message":"Not a possible phone number: too few digits for a phone number of this country.","data":{"code":"invalid_phone_number","retryable":false,"details":{"value":"+1 555","reason":"too_short"}}}}
\`\`\``

export const CHANGELOG_SECTION = `## Changelog

- **1** – the first version.

A version grows without a new number: new methods, events, optional parameters, keys of answers and codes. What is there keeps its name, its meaning and its scope; anything else would be version 2,
offered beside this one through \`minProtocolVersion\` and \`maxProtocolVersion\` of \`server.hello\`.`
