// The floor: an echo bot as one writes it from Baileys' own example. Run by the benchmark with plain `node`.
// Promises are left to themselves, as they are there.
/* oxlint-disable typescript/no-misused-promises, typescript/no-floating-promises */
import { readFileSync, watch } from 'node:fs'
import { makeWASocket, useMultiFileAuthState } from '@whiskeysockets/baileys'
import pino from 'pino'

const { BOT_URL: url, BOT_AUTH_DIR: authDir, BOT_ALLOW_DIR: allowDir } = process.env
const logger = pino({ level: 'silent' })

let allowed = new Set()
function readAllowed() {
  try {
    allowed = new Set(JSON.parse(readFileSync(`${allowDir}/allow.json`, 'utf8')))
    process.send({ allowed: [...allowed] })
  } catch {
    // Half-written; the next event brings the rest.
  }
}
readAllowed()
watch(allowDir, readAllowed)

async function start() {
  const { state, saveCreds } = await useMultiFileAuthState(authDir)
  const sock = makeWASocket({ auth: state, waWebSocketUrl: url, markOnlineOnConnect: false, logger })
  sock.ev.on('creds.update', saveCreds)
  sock.ev.on('connection.update', ({ qr, connection }) => {
    if (qr) process.send({ qr })
    if (connection === 'open') process.send({ connected: true })
    if (connection === 'close') start()
  })
  sock.ev.on('messages.upsert', async ({ messages, type }) => {
    if (type !== 'notify') return
    for (const { key, message } of messages) {
      const text = message?.conversation ?? message?.extendedTextMessage?.text
      const sender = [key.remoteJid, key.remoteJidAlt].find((jid) => jid?.endsWith('@s.whatsapp.net'))
      if (!text || key.fromMe || !allowed.has(`+${sender?.split('@')[0]}`)) continue
      await sock.sendMessage(key.remoteJid, { text })
    }
  })
}

start()
