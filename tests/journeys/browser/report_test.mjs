// SPDX-License-Identifier: Apache-2.0
// The sweep's page (abate --html) in a real browser, from file://: on a desktop and on a phone, light and dark, in print.
//
//     node report_test.mjs FOLDER [PICTURES]
//
// FOLDER holds pages that report_test wrote (ABATE_SAMPLES). PICTURES is a folder for a picture of each.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { listen, wrongWith } from './looks.mjs';

const [folder, pictures] = process.argv.slice(2);
const SCREENS = [
  { name: 'desktop', viewport: { width: 1280, height: 900 }, colorScheme: 'light' },
  { name: 'desktop-dark', viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
  { name: 'phone', viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, colorScheme: 'light' },
  { name: 'phone-dark', viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, colorScheme: 'dark' },
  { name: 'narrow', viewport: { width: 320, height: 640 }, colorScheme: 'light' },
];
const pages = readdirSync(folder).filter((name) => name.endsWith('.html')).sort();
const PICTURE_HEIGHT_MAX = 3200;
let browser;

before(async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  if (pictures) mkdirSync(pictures, { recursive: true });
});
after(async () => browser?.close());

// The style stands in the page on purpose, and its policy names it; all else that is asked of the desk's pages holds.
const isOwnStyle = (what) => what.startsWith('script or style stands in the page: <style>');

test('there are pages to look at', () => assert.ok(pages.length >= 4, `${folder} holds ${pages.length}`));

for (const screen of SCREENS) {
  test(`every page is well on ${screen.name}`, async () => {
    const { name, ...options } = screen;
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const heard = listen(page, pathToFileURL(folder).href, new Set());
    const wrong = [];
    for (const file of pages) {
      await page.goto(pathToFileURL(path.join(folder, file)).href);
      assert.notEqual(await page.evaluate(() => document.title), 'owned');
      if (pictures) {
        const height = Math.min(PICTURE_HEIGHT_MAX, await page.evaluate(() => document.documentElement.scrollHeight));
        await page.screenshot({ path: path.join(pictures, `${path.parse(file).name}-${name}.png`), fullPage: true,
                                clip: { x: 0, y: 0, width: options.viewport.width, height } });
      }
      // Unfolded too: what is folded away counts as much.
      for (const unfold of [false, true]) {
        await page.reload();
        await page.evaluate((open) => document.querySelectorAll('details').forEach((one) => { one.open = open; }), unfold);
        for (const what of await wrongWith(page, new Set())) if (!isOwnStyle(what)) wrong.push(`${file}: ${what}`);
      }
    }
    await context.close();
    assert.deepEqual([...wrong, ...heard], []);
  });
}

test('it is whole without JavaScript, and prints', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.goto(pathToFileURL(path.join(folder, 'case.html')).href);
  assert.match(await page.locator('h1').innerText(), /Found: what did the harm/);
  await page.locator('summary', { hasText: 'Evidence' }).first().click();
  assert.ok(await page.locator('.excerpt').first().isVisible(), 'evidence unfolds without script');
  const pdf = await page.pdf({ format: 'A4' });
  assert.ok(pdf.length > 10_000);
  await context.close();
});
