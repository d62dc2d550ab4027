/** What keys of other tools do, for `docs/config.md`. Read by `src/config/read/foreign/`. */
export const OTHER_TOOLS = `## Files of other tools

An OpenClaw, Milady or ElizaOS file works as it is. Whose file it is shows in the place of the section, in keys that one tool alone has, and in its other sections (\`gateway\`, \`agents.list\`, \`messages\`, …); \`whatsappd status\` and \`config.get\` (\`tool\`) say it. Nobody is allowed whom the channel's settings would keep out in the file's own tool: a key there that restricts is honoured, and one that nobody knows is refused. Outside of the channel this holds for \`channels.defaults\`, where \`\${NAME}\` and \`$include\` work too, and for \`session.sendPolicy\`, which is refused where it forbids WhatsApp; what other sections bring by \`\${NAME}\` or \`$include\` is not read. What counts otherwise than its author may expect is a notice.

| key | in whose files | what it does here |
|---|---|---|
| \`blockStreaming\` | OpenClaw | the reverse of ours: \`true\` sends long replies piece by piece; so does \`agents.defaults.blockStreamingDefault: "on"\` |
| \`messagePrefix\` | OpenClaw | the assistant reads it before what people write; nothing is put before what goes out |
| \`responsePrefix\` | OpenClaw | \`"auto"\` is the assistant's \`name\` in brackets; \`{model}\`, \`{modelFull}\`, \`{provider}\` and \`{identity.name}\` are filled in, but for what comes from a variable (\`\${NAME}\`); a space follows |
| \`accounts.default\` | OpenClaw | the other accounts inherit from it, before the root; not \`enabled\`, \`name\`, \`authDir\` and \`selfChatMode\` |
| \`streaming.chunkMode\`, \`streaming.block.enabled\` | all | as \`chunkMode\`, and the reverse of \`blockStreaming\` |
| \`reactionLevel: "off"\` | all | no \`ackReaction\` |
| \`contextVisibility: "allowlist"\` | all | the assistant does not see what a message quotes |
| \`messages.ackReaction\`, \`ackReactionScope\`, \`removeAckAfterReply\`, \`responsePrefix\`, \`inbound.debounceMs\`, \`inbound.byChannel.whatsapp\`, \`groupChat.historyLimit\` | OpenClaw | hold where the channel sets nothing |
| \`channels.defaults.groupPolicy\`, \`dmPolicy\`: \`disabled\`; \`contextVisibility\` | OpenClaw | hold where the channel sets nothing |
| \`session.sendPolicy\` | OpenClaw | refused where it forbids answers on WhatsApp: set \`dmPolicy\`, \`groupPolicy\` or \`enabled\` instead |
| \`web.enabled\`, \`plugins.enabled\`, \`plugins.entries.whatsapp.enabled\`: \`false\` | OpenClaw | nothing: \`enabled: false\` of the channel switches it off |
| \`enabled: false\` at the root | OpenClaw, Milady, ElizaOS | switches every account off, also one that says \`true\` |
| \`allowedJids\`, \`allowedGroups\` | all | take away whoever is not named; they allow nobody by themselves |
| \`ignoreOwnMessages: true\` | all | as \`selfChatMode: false\` |
| \`transport: "baileys"\`, \`"cloudapi"\` | all | \`linked-device\` and \`cloud-api\` |
| \`groups\` | ElizaOS | a group that the account does not name keeps the rule of the root; without \`groupAllowFrom\` nobody writes in groups but those whom a group names |

A dashboard cannot edit a setting that such a key decides: the edit would do nothing, or the reverse.

`
