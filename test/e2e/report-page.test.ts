import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import process from 'node:process'
import { after, before, type TestContext, test } from 'node:test'
import { type Browser, chromium, type Page } from 'playwright-core'
import {
  createInstallation,
  type Installation,
  type RunningProduct,
  startProduct,
} from '../support/product.ts'

const CHROMIUM = '/usr/bin/chromium'
/** Chromium as root needs no sandbox; the rest keeps it from calling its maker. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

let installation: Installation
let product: RunningProduct
let browser: Browser | null = null

before(async () => {
  if (!existsSync(CHROMIUM)) return
  installation = await createInstallation()
  product = startProduct(installation, 'up')
  await product.until(/Ctrl\+C/, 120_000)
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS, env: { ...process.env } })
})

after(async () => {
  if (browser === null) return
  await browser.close()
  await product.stop()
  installation.remove()
})

interface Look {
  readonly page: Page
  /** Console errors, failed requests, and requests to anywhere but the page itself. */
  readonly troubles: readonly string[]
}

/** Opens the page at a size; null (and a skip by name) where Chromium is not to be had. */
async function open(t: TestContext, width: number, query = ''): Promise<Look | null> {
  if (browser === null) {
    t.skip('Chromium')
    return null
  }
  const page = await browser.newPage({ viewport: { width, height: 800 }, locale: 'zh-CN' })
  const troubles: string[] = []
  const home = `http://127.0.0.1:${installation.webPort}/`
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(message.text())
  })
  page.on('pageerror', (error) => troubles.push(error.message))
  page.on('request', (request) => {
    if (!request.url().startsWith(home)) troubles.push(`request to ${request.url()}`)
  })
  await page.goto(`${home}${query}`)
  return { page, troubles }
}

for (const width of [360, 1280]) {
  test(`at ${width} pixels the page fits, breaks no policy and asks nobody else`, async (t) => {
    const look = await open(t, width)
    if (look === null) return
    const overflow = await look.page.evaluate('document.documentElement.scrollWidth - window.innerWidth')
    assert.ok(Number(overflow) <= 0, `${overflow} px too wide`)
    assert.deepEqual(
      look.troubles.filter((trouble) => !trouble.includes('favicon')),
      [],
    )
    await look.page.close()
  })
}

test('the first screen says how many need attention, in both languages', async (t) => {
  const chinese = await open(t, 1280)
  if (chinese === null) return
  assert.match((await chinese.page.locator('h1, h2').first().textContent()) ?? '', /\p{Script=Han}/u)
  await chinese.page.getByRole('link', { name: /English/ }).click()
  assert.equal(await chinese.page.locator('html').getAttribute('lang'), 'en')
  await chinese.page.close()
})

test('Chinese text is drawn with a Chinese font, not as boxes', async (t) => {
  const look = await open(t, 1280)
  if (look === null) return
  const session = await look.page.context().newCDPSession(look.page)
  await session.send('DOM.enable')
  await session.send('CSS.enable')
  const { root } = await session.send('DOM.getDocument')
  const { nodeId } = await session.send('DOM.querySelector', { nodeId: root.nodeId, selector: 'h2' })
  const { fonts } = await session.send('CSS.getPlatformFontsForNode', { nodeId })
  assert.match(fonts.map(({ familyName }) => familyName).join(), /WenQuanYi|Noto Sans CJK|Noto Sans SC/)
  await look.page.close()
})

test('a link from a number opens its evidence without script', async (t) => {
  const look = await open(t, 1280, '?lang=en')
  if (look === null) return
  await look.page.locator('main a[href^="#"]').first().click()
  const target = await look.page.evaluate('decodeURIComponent(location.hash.slice(1))')
  assert.ok(await look.page.locator(`[id="${String(target)}"]`).isVisible())
  await look.page.close()
})
