// SPDX-License-Identifier: Apache-2.0
// The pictures of docs/sweep.md and docs/remedy.md, from what abate printed:
//
//     node sweep_pictures.mjs PAGE.html COLOURED.txt OUT [GUIDE.txt]
//
// PAGE is a page of --html, COLOURED the output of --color always, 100 columns wide. OUT/sweep-{terminal,html,phone}.png.
// GUIDE is what plain abate said on a terminal (tests/journeys/terminal.py keeps it): OUT/guide-terminal.png.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [pageFile, textFile, out, guideFile] = process.argv.slice(2);
const LINES_MAX = 38;
const INKS = { 1: 'font-weight:700;color:#fff', 2: 'color:#8b949e', '1;31': 'font-weight:700;color:#ff7b72', 33: 'color:#e3b341',
               36: 'color:#79c0ff', 32: 'color:#7ee787' };

const asHtml = (text) => text.replaceAll(/[&<>]/g, (one) => `&#${one.charCodeAt(0)};`)
  .replaceAll(/\x1b\[([0-9;]*)m/g, (_, code) => (code === '0' ? '</span>' : `<span style="${INKS[code]}">`));

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage'] });
const shoot = async (name, options, url, height) => {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.goto(url);
  const whole = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.screenshot({ path: path.join(out, name), fullPage: true,
                          clip: { x: 0, y: 0, width: options.viewport.width, height: Math.min(whole, height) } });
  await context.close();
};
const page = pathToFileURL(path.resolve(pageFile)).href;
await shoot('sweep-html.png', { viewport: { width: 1280, height: 900 }, colorScheme: 'light' }, page, 1640);
await shoot('sweep-html-phone.png', { viewport: { width: 390, height: 844 }, colorScheme: 'dark' }, page, 1500);

const shootText = async (name, text) => {
  const context = await browser.newContext({ viewport: { width: 980, height: 900 } });
  const terminal = await context.newPage();
  await terminal.setContent(`<style>body{margin:0;background:#0d1117}pre{margin:0;padding:18px 22px;color:#d0d7de;
font:15px/1.42 "DejaVu Sans Mono",monospace;width:max-content}</style><pre>${asHtml(text)}</pre>`);
  await terminal.locator('pre').screenshot({ path: path.join(out, name) });
  await context.close();
};
await shootText('sweep-terminal.png', readFileSync(textFile, 'utf8').split('\n').slice(0, LINES_MAX).join('\n'));
if (guideFile) await shootText('guide-terminal.png', readFileSync(guideFile, 'utf8').replaceAll('\r', '').trimEnd());
await browser.close();
