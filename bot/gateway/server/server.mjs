// A wechaty gateway: the published PuppetServer in front of any puppet, on loopback.
//   node server.mjs --puppet wechaty-puppet-wechat4u     a real account, QR code in the terminal
//   node server.mjs --puppet mock --port 0 --control     for tests, driven by JSON lines on stdin
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, resolve as absolute } from 'node:path'
import { parseArgs } from 'node:util'

export const EXIT = { usage: 2, puppet: 3, port: 4, token: 5 }
const HELP = `用法：node server.mjs [选项]
  --puppet 名字    用哪个 puppet：npm 包名，或 mock（模拟，默认）
  --port 端口      监听的端口（默认 18788；0 表示随便找一个空闲的）
  --host 地址      监听的地址（默认 127.0.0.1，只有本机连得上）
  --tls            打开 TLS（默认在本机地址上不用）
  --memory 文件    登录信息存在哪里，下次启动不必再扫码
  --control        测试用：从标准输入读 JSON 命令（只能配 mock）
  --help           这段说明
环境变量：WECHATY_PUPPET_SERVICE_TOKEN（不设就现生成一个）、WECHATY_LOG（日志级别，默认 error）
退出码：0 正常；${EXIT.usage} 选项不对；${EXIT.puppet} 没有装这个 puppet；${EXIT.port} 端口用不了；${EXIT.token} token 不合格；1 其他`

class Refusal extends Error {
  constructor (code, message) {
    super(message)
    this.code = code
  }
}

function readOptions () {
  const text = (value) => ({ type: 'string', default: value })
  let values
  try {
    values = parseArgs({
      options: {
        puppet: text('mock'), port: text('18788'), host: text('127.0.0.1'), memory: { type: 'string' },
        tls: { type: 'boolean' }, control: { type: 'boolean' }, help: { type: 'boolean' },
      },
    }).values
  } catch (error) {
    throw new Refusal(EXIT.usage, `选项不对：${error.message}\n${HELP}`)
  }
  const port = Number(values.port)
  if (!/^\d+$/.test(values.port) || port > 65535) throw new Refusal(EXIT.usage, `--port 要一个 0 到 65535 的数，现在是“${values.port}”。`)
  if (values.control && values.puppet !== 'mock') throw new Refusal(EXIT.usage, '--control 只能和 --puppet mock 一起用。')
  const loopback = /^(127\.[\d.]+|localhost|::1)$/.test(values.host)
  const allowed = values.tls || process.env.WECHATY_PUPPET_SERVICE_NO_TLS_INSECURE_SERVER === 'true'
  if (!loopback && !allowed) {
    throw new Refusal(EXIT.usage, `${values.host} 不是本机地址，明文会被别人看到：请加 --tls；` +
      '若这是一个私有网络（比如 compose 里），请设 WECHATY_PUPPET_SERVICE_NO_TLS_INSECURE_SERVER=true。')
  }
  return { ...values, port }
}

function readToken (tls) {
  const given = process.env.WECHATY_PUPPET_SERVICE_TOKEN
  const token = given ?? `insecure_${randomBytes(16).toString('hex')}`
  if (!/^[\w.-]+$/.test(token)) throw new Refusal(EXIT.token, 'WECHATY_PUPPET_SERVICE_TOKEN 只能用字母、数字、下划线、点和横线，且不能为空。')
  if (tls && !token.includes('_')) throw new Refusal(EXIT.token, '用 TLS 时，token 要以“证书名_”开头，自带的证书是 insecure_……。')
  return { token, given: given !== undefined }
}

// Asks the system for the port first: a taken one is told in a sentence, and 0 becomes a number.
function reservePort (host, port) {
  const told = { EADDRINUSE: '已经有别的程序在用', EACCES: '没有权限使用（1024 以下要管理员）', EADDRNOTAVAIL: '不是这台机器的地址' }
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', error => {
      reject(new Refusal(EXIT.port, `${host}:${port} ${told[error.code] ?? error.message}。换一个端口：make gateway PORT=18789`))
    })
    probe.listen({ host, port, exclusive: true }, () => {
      const found = probe.address().port
      probe.close(() => resolve(found))
    })
  })
}

async function load (name) {
  try {
    return await import(name)
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND' && error.code !== 'ERR_INVALID_MODULE_SPECIFIER') throw error
    if (error.message.includes('wechaty-puppet-service')) throw new Refusal(EXIT.puppet, '网关的依赖还没有装：请先运行 make install。')
    throw new Refusal(EXIT.puppet, `没有装 ${name} 这个 puppet（或它缺依赖）。请运行：make gateway PUPPET=${name}`)
  }
}

async function buildPuppet ({ puppet: name, memory }) {
  if (name === 'mock') return new (await load('./mock-puppet.mjs')).GroupPuppet()
  if (!/^(@[\w.-]+\/)?[\w.-]+$/.test(name) || name.startsWith('.')) throw new Refusal(EXIT.usage, `“${name}”不像一个 npm 包名。`)
  const exported = await load(name)
  const candidates = [exported.default?.default, exported.default, ...Object.values(exported)]
  const PuppetClass = candidates.find(value => typeof value === 'function' && typeof value.prototype?.messageRawPayload === 'function')
  if (!PuppetClass) throw new Refusal(EXIT.puppet, `${name} 里没有找到 puppet。`)
  const puppet = new PuppetClass()
  if (memory) {
    mkdirSync(dirname(absolute(memory)), { recursive: true })
    puppet.setMemory(new (await load('memory-card')).MemoryCard({ name: absolute(memory) }))
  }
  return puppet
}

class Gateway {
  constructor (fields) {
    Object.assign(this, fields)
  }

  async open () {
    const { PuppetServer } = await load('wechaty-puppet-service')
    const { puppet, token, port, tls } = this
    const host = this.host.includes(':') ? `[${this.host}]` : this.host
    this.server = new PuppetServer({ endpoint: `${host}:${port}`, puppet, token, tls: { disable: !tls } })
    await this.server.start()
  }

  async close () {
    await this.server?.stop()
    this.server = undefined
  }
}

// Only the door closes: a puppet that is stopped may log out, and the next start would need a scan.
function stopOnSignals (gateway) {
  let stopping = false
  const stop = async () => {
    if (stopping) return
    stopping = true
    setTimeout(() => process.exit(0), 5000).unref()
    await gateway.close().catch(() => {})
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, stop)
  return stop
}

async function main () {
  process.umask(0o077)
  process.env.WECHATY_LOG ||= 'error' // before anything of wechaty is loaded
  process.noDeprecation = true
  const options = readOptions()
  if (options.help) return console.log(HELP)
  const { token, given } = readToken(options.tls)
  // In control mode stdout belongs to the answers.
  if (options.control) console.log = console.info = console.debug = console.error
  const port = await reservePort(options.host, options.port)
  let faults
  if (options.control) {
    faults = new (await load('./rpc-faults.mjs')).RpcFaults()
    faults.install()
  }
  await load('wechaty-puppet-service')
  const puppet = await buildPuppet(options)
  if (!options.control) (await load('./seam.mjs')).keepLogin(puppet)
  const gateway = new Gateway({ puppet, token, port, faults, host: options.host, tls: options.tls ?? false })
  const stop = stopOnSignals(gateway)
  process.on('unhandledRejection', error => console.error(`网关里有一个没有处理的错误：${error?.message ?? error}`))
  const terminal = options.control ? undefined : await load('./terminal.mjs')
  terminal?.follow(puppet)
  await gateway.open()
  terminal?.explain({ ...options, port, token, given })
  await puppet.start()
  if (!options.control) return options.puppet === 'mock' && terminal.demonstrate(puppet)
  const { control } = await load('./mock-control.mjs')
  const write = text => process.stdout.write(text)
  control(gateway, { input: process.stdin, write, onEnd: stop })
  write(`${JSON.stringify({ ready: true, port, token })}\n`)
}

main().catch(error => {
  console.error(error instanceof Refusal ? error.message : `网关没有启动：${error.message}`)
  process.exit(error instanceof Refusal ? error.code : 1)
})
