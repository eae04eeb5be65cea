// SPDX-License-Identifier: Apache-2.0
// The pages in a real browser: every page of the desk and of the Client Area, on a desktop and on a phone, light and
// dark, with JavaScript and without; and everything that people do there.
//
//     node pages_test.mjs TREE PROGRAM [PICTURES]
//
// TREE/demo is started with PROGRAM. PICTURES is a folder for a picture of each page. npm ci has been here.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { actAsCustomerAndLead, actAsTeam } from './acts.mjs';
import { Demo } from './demo.mjs';
import { Person, SCREENS } from './person.mjs';

const [tree, program, pictures] = process.argv.slice(2);
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const LEAD = ['lead@meadow.example', 'meadow-lead-demo'];
const ANALYST = ['analyst@meadow.example', 'meadow-analyst-demo'];
const CUSTOMER = ['board@harbourcycling.example', 'harbour-cycling-demo'];
const BAKERY = ['owner@morningroll.example', 'morning-roll-demo'];
const NEWCOMER = ['office@pinestreetdental.example', 'pine-street-demo'];
const UNBROKEN = 'x'.repeat(400);
// Whatever a mail says must neither break the page nor run in it.
const NASTY = `From: "Nasty ${UNBROKEN}" <${'n'.repeat(60)}@example.org>\r
To: abuse@meadow.example\r
Subject: ${UNBROKEN} <script>document.title = 'owned'</script> \u202etxt.exe\r
Content-Type: text/plain; charset=utf-8\r
\r
Spam from 203.0.113.10: https://example.org/${UNBROKEN}?<img src=x onerror=alert(1)>\r
<script>document.title = 'owned'</script><style>body{display:none}</style> ${UNBROKEN}\r
`;

// The same in a report that is read: it stands in the ticket of the bakery's server, before the customer too.
const NASTY_ARF = `From: fbl@example.org\r
Subject: ${UNBROKEN}\r
MIME-Version: 1.0\r
Content-Type: multipart/report; report-type=feedback-report; boundary=b\r
\r
--b\r
Content-Type: message/feedback-report\r
\r
Feedback-Type: abuse\r
User-Agent: ${UNBROKEN}\r
Version: 1\r
Source-IP: 203.0.113.10\r
Arrival-Date: ${new Date().toUTCString().replace('GMT', '+0000')}\r
Reported-Domain: ${'long.'.repeat(40)}example\r
Reported-URI: https://example.org/${UNBROKEN}?"><script>document.title = 'owned'</script>\r
\r
--b\r
Content-Type: message/rfc822\r
\r
From: "<b>bold</b>" <x@example.com>\r
Subject: \u202e ${UNBROKEN} <img src=x onerror=alert(1)>\r
\r
<script>document.title = 'owned'</script> ${UNBROKEN} https://example.org/${UNBROKEN}\r
--b--\r
`;

let demo;
let browser;
let nasty;
const visited = new Set();

before(async () => {
  if (pictures) mkdirSync(pictures, { recursive: true });
  demo = await Demo.start(tree, program);
  demo.addUser(...NEWCOMER, '--role', 'customer', '--customer', 'c-106');
  nasty = await demo.post(NASTY);
  assert.equal((await demo.post(NASTY_ARF)).status, 'read');
  // Without its sandbox, which root and most containers cannot have: it sees nothing but our own pages.
  browser = await chromium.launch({ executablePath: CHROMIUM, chromiumSandbox: false, args: ['--disable-dev-shm-usage'] });
});

after(async () => {
  await browser?.close();
  assert.equal(await demo?.stop(), 0, 'the desk ends cleanly');
});

async function sitting(screen, story) {
  const person = await Person.sit(browser, demo.url, screen, pictures);
  try {
    await story(person);
    for (const where of person.visited) visited.add(where);
    for (const what of person.heard) person.note('at the end', what);
    assert.equal(person.wrong.join('\n'), '');
  } finally {
    await person.leave();
  }
}

async function showTeamPages(person) {
  await person.visit('/login', 'sign-in');
  await person.signIn(...LEAD);
  await person.look('review');
  await person.visit('/tickets', 'tickets');
  await person.visit('/tickets?text=nothing-fits', 'tickets-none');
  await person.visit('/tickets?state=open&category=proxy&overdue=1', 'tickets-overdue');
  const tickets = {
    'in-review': await demo.ticket('state=in_review'), claimed: await demo.ticket('state=claimed'),
    closed: await demo.ticket('state=closed'), dismissed: await demo.ticket('state=dismissed'),
    open: await demo.ticket('state=open&category=spam&service=vps-1001'),
    stuck: await demo.ticket('service=vps-1012&category=phishing'), proposed: await demo.ticket('service=vps-1011&category=proxy'), suspended: await demo.ticket('service=vps-1019&category=proxy'),
  };
  for (const [label, id] of Object.entries(tickets)) await person.visit(`/tickets/${id}`, `ticket-${label}`);
  // The proofs unfolded, and the next steps that stand in the reply.
  await person.visit(`/tickets/${tickets.claimed}`, 'ticket-claimed-again');
  await person.unfold('Proofs, and what the desk checked');
  await person.page.getByText('hash whole').first().waitFor();
  await person.unfold('What was found');
  await person.page.getByText('PHP runs a decoded blob').waitFor();
  await person.visit(`/tickets/${tickets.stuck}?suggest=1`, 'ticket-suggested');
  await person.page.getByText('The customer is stuck').waitFor();
  await person.visit('/reports', 'reports');
  for (const status of ['read', 'unreadable', 'not_a_report', 'dismissed', 'person']) {
    await person.visit(`/reports?status=${status}`, `reports-${status}`);
    const [report] = status === 'person' ? [] : await demo.items(`/api/v1/reports?status=${status}`);
    if (report) await person.visit(`/reports/${report.report_id}`, `report-${status}`);
  }
  await person.visit(`/reports/${nasty.report_id}`, 'report-nasty');
  await person.visit('/demo/mail', 'mails');
  await person.page.locator('.row-title').first().click();
  await person.page.waitForURL('**/demo/mail/*');
  await person.look('mail');
  person.visited.add(`${new URL(person.page.url()).pathname}/html`);
  await person.page.frameLocator('iframe').getByText('What to do').first().waitFor();
}

async function showRefusals(person) {
  await person.visit('/tickets/T-2026-999999', 'error-404', 404);
  await person.visit('/reports/none', 'error-404-report', 404);
  await person.visit('/no-such-page', 'error-404-nowhere', 404);
  await person.visit('/logout', 'error-405', 405);
  await person.visit('/reports?status=bogus', 'error-422', 422);
}

async function showClientArea(person) {
  await person.signIn(...CUSTOMER);
  await person.look('client-tickets');
  const mine = await demo.ticket('service=vps-1003');
  await person.visit(`/tickets/${mine}`, 'client-claimed');
  const others = await demo.ticket('state=open&service=vps-1001');
  await person.visit(`/tickets/${others}`, 'client-not-theirs', 404);
  await person.visit('/review', 'client-403', 403);
  await person.visit(`/reports/${nasty.report_id}/raw`, 'client-403-report', 403);
  await person.signOut();
  await person.signIn(...BAKERY);
  await person.visit('/tickets', 'client-tickets-two');
  await person.visit(`/tickets/${others}`, 'client-open');
  await person.page.getByRole('button', { name: 'Show the command' }).click();
  await person.page.getByText('abate --ticket').waitFor();
  await person.look('client-command');
  await person.signOut();
  await person.signIn(...NEWCOMER);
  await person.visit('/tickets', 'client-none');
}

for (const screen of Object.keys(SCREENS))
  test(`every page is well on the ${screen}`, () => sitting(screen, async (person) => {
    await showTeamPages(person);
    await showRefusals(person);
    await person.signOut();
    await showClientArea(person);
  }));

test('the team works its queue with JavaScript on a desktop', () => sitting('desktop',
  (person) => actAsTeam(person, demo, ANALYST, LEAD)));

test('customer and team get a case closed without JavaScript on a phone', () => sitting('phoneWithoutScript',
  (person) => actAsCustomerAndLead(person, demo, BAKERY, LEAD)));

test('no page is left out', () => {
  const pages = path.join(tree, 'src/web/pages');
  const routes = readdirSync(pages).filter((name) => name.endsWith('.cc')).flatMap((name) =>
    [...readFileSync(path.join(pages, name), 'utf8').matchAll(/routes\.add\(\s*"GET",\s*"([^"]+)"/g)].map((found) => found[1]));
  assert.ok(routes.length >= 10, `${routes}`);
  // Both are seen by what they do: / leads on, the assets dress every page.
  const unseen = routes.filter((route) => !['/', '/assets/{name}'].includes(route)).filter((route) => {
    const pattern = new RegExp(`^${route.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
    return ![...visited].some((where) => pattern.test(where));
  });
  assert.deepEqual(unseen, []);
});
