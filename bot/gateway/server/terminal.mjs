// What the person at the terminal sees: the QR code, who is logged in, and how to attach the bot.
import qrcode from 'qrcode-terminal'
import { types } from 'wechaty-puppet'

function showScan ({ qrcode: text, status }) {
  const { Scanned, Confirmed, Cancel } = types.ScanStatus
  if (status === Scanned) return console.log('已扫码，请在手机上点“登录”。')
  if (status === Confirmed) return console.log('已确认，正在登录……')
  if (status === Cancel) return console.log('手机上取消了登录。')
  if (!text) return undefined
  console.log('请用机器人的微信扫描（扫不动就把终端的字调小一点）：')
  qrcode.generate(text, { small: true }, picture => console.log(picture))
}

function reasonOf (gerror) {
  try {
    return JSON.parse(gerror).message
  } catch {
    return gerror
  }
}

// A puppet that cannot reach WeChat tries again many times a second: one line in half a minute is enough.
const QUIET_MS = 30_000
const told = new Map()

function showError ({ gerror, data }) {
  const reason = reasonOf(gerror ?? data)
  if (Date.now() - (told.get(reason) ?? 0) < QUIET_MS) return
  told.set(reason, Date.now())
  const offline = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH/.test(reason)
  console.error(`puppet 报错：${reason}${offline ? '（连不上微信的服务器，请检查网络；会一直重试）' : ''}`)
}

export function follow (puppet) {
  puppet.on('scan', showScan)
  puppet.on('login', ({ contactId }) => console.log(`已登录：${contactId}`))
  puppet.on('logout', ({ data }) => console.log(`已退出登录：${data || '没有说明原因'}`))
  puppet.on('error', showError)
}

export function explain ({ host, port, token, given, tls, puppet }) {
  console.log(`网关在 ${host}:${port}（puppet：${puppet}，TLS：${tls ? '开' : '关'}）。在运行机器人的终端里设好这两行，再 make run：`)
  console.log(`  export WECHATY_PUPPET_SERVICE_ENDPOINT=${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`)
  console.log(`  export WECHATY_PUPPET_SERVICE_TOKEN=${given ? '（与这里的环境变量相同）' : token}`)
}

// A mock without a test behind it is logged in, so that the connection can be tried.
export function demonstrate (puppet) {
  puppet.put('contact', 'bot', { id: 'bot', name: '模拟账号', avatar: '', gender: 0, type: types.Contact.Individual, phone: [] })
  puppet.login('bot')
}
