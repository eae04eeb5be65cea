// SPDX-License-Identifier: Apache-2.0
// The demo, started on a free port in a folder of its own and stopped again; and the desk's API.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import readline from 'node:readline';

const START_MS = 120_000;
const READ_MS = 30_000;

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

export class Demo {
  static async start(tree, program) {
    const demo = new Demo();
    demo.program = program;
    demo.folder = mkdtempSync(path.join(tmpdir(), 'abate-browser-'));
    demo.url = `http://127.0.0.1:${await freePort()}`;
    demo.process = spawn(path.join(tree, 'demo/start'),
      [new URL(demo.url).port, '--folder', path.join(demo.folder, 'demo'), '--program', program],
      { stdio: ['ignore', 'pipe', 'inherit'] });
    demo.ended = once(demo.process, 'exit');
    const late = setTimeout(() => demo.process.kill('SIGTERM'), START_MS);
    for await (const line of readline.createInterface({ input: demo.process.stdout })) {
      if (line.startsWith('Ctrl-C')) {
        clearTimeout(late);
        demo.process.stdout.resume();
        return demo;
      }
    }
    throw new Error('the demo did not start');
  }

  async stop() {
    this.process.kill('SIGTERM');
    const [status] = await this.ended;
    rmSync(this.folder, { recursive: true, force: true });
    return status;
  }

  token(name) {
    return readFileSync(path.join(this.folder, 'demo', `${name}.token`), 'utf8').trim();
  }

  addUser(email, password, ...words) {
    const done = spawnSync(this.program, ['user', 'add', '--email', email, '--password-stdin', ...words,
      '--config', path.join(this.folder, 'demo', 'abated.toml')], { input: `${password}\n`, encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`user add: ${done.stderr}`);
  }

  async ask(where, { token = 'desk', ...rest } = {}) {
    const answer = await fetch(this.url + where, {
      ...rest, headers: { Authorization: `Bearer ${this.token(token)}`, ...rest.headers } });
    if (!answer.ok) throw new Error(`${where}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  async items(where) {
    return (await this.ask(where)).items;
  }

  async ticket(query, fits = () => true) {
    const found = (await this.items(`/api/v1/tickets?limit=100&${query}`)).find(fits);
    if (!found) throw new Error(`no ticket with ${query}`);
    return found.id;
  }

  // Posts a mail and waits until it is read.
  async post(mail) {
    const { report_id: id } = await this.ask('/api/v1/reports', {
      token: 'watch', method: 'POST', body: mail, headers: { 'Content-Type': 'message/rfc822' } });
    for (const end = Date.now() + READ_MS; ;) {
      const report = await this.ask(`/api/v1/reports/${id}`);
      if (report.status !== 'received') return report;
      if (Date.now() > end) throw new Error(`${id} is not read`);
      await new Promise((wake) => setTimeout(wake, 50));
    }
  }
}
