#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""link_test.py SOURCE_DIR ABATED ABATE: from the link in the notice's mail to the customer's answer, with its proofs, in the
ticket of a real desk."""
import http.server, json, os, pathlib, re, ssl, subprocess, sys, tempfile, threading, unittest, urllib.error, urllib.request

import desk

SOURCE, ABATE = pathlib.Path(sys.argv[1]), sys.argv[3]


class Link(unittest.TestCase):
    def setUp(self):
        self.temp = tempfile.TemporaryDirectory(prefix='abate-link-')
        self.folder = pathlib.Path(self.temp.name)
        subprocess.run([sys.executable, SOURCE / 'demo/disk', self.folder / 'disk'], check=True)

    def tearDown(self):
        self.temp.cleanup()

    def abate(self, command, link, *more, **environment):
        return subprocess.run([ABATE, command, '--root', self.folder / 'disk/root', '--state', self.folder / 'state', '--ticket', link, *more],
                              capture_output=True, timeout=90, stdin=subprocess.DEVNULL, text=True, env=os.environ | environment)

    def test_the_answer_stands_in_the_ticket(self):
        with desk.Desk(desk.program()) as d:
            d.ledger('203.0.113.10,2026-01-01T00:00:00Z,,vps-1,mail1,c-1,Ada,ada@example.net')
            d.start()
            d.lmtp(desk.arf(1))
            ticket = d.until('a ticket', lambda: d.items('/api/v1/tickets'))[0]['id']
            d.act(ticket, 'open')
            link = self.mailed_link(d, ticket)

            told = self.abate('diagnose', link, '--json', self.folder / 'd.json')
            self.assertEqual(told.stderr, '')
            self.assertEqual(json.loads((self.folder / 'd.json').read_text())['ticket'], ticket)

            sent = self.abate('reply', link, '--stuck', '--send')
            self.assertIn('Sent.', sent.stdout, sent.stderr)
            replies = d.entries(ticket, 'reply')
            self.assertEqual([entry['actor'] for entry in replies], ['customer:c-1'])
            text = replies[0]['body']['text']
            self.assertIn(text.strip()[:60], sent.stdout, 'what is sent is shown')
            self.assertTrue(replies[0]['body']['stuck'])
            self.assertEqual(replies[0]['body']['by'], 'link')
            self.assertEqual(d.ticket(ticket)['state'], 'open')
            [proof] = d.entries(ticket, 'proof')
            checks = proof['body']['checks']
            self.assertEqual(checks['names_ticket'], 'yes')
            self.assertTrue(checks['proofs'])
            self.assertEqual({one['whole'] for one in checks['proofs']}, {'yes'}, checks)
            for one in checks['proofs']:
                self.assertIn(one['id'], sent.stdout, 'each proof is shown before it goes')
            d.verify()

            d.call('GET', '/api/v1/tickets', token=self.named(d, link), expect=403)

            wrong = self.abate('diagnose', link + 'x')
            self.assertEqual(wrong.returncode, 2)
            self.assertIn('copy the link anew', wrong.stderr)
            d.stop()
            away = self.abate('diagnose', link)
            self.assertEqual(away.returncode, 2)
            self.assertIn('refused', away.stderr.lower())

    def test_the_same_answer_stands_there_once(self):
        with desk.Desk(desk.program()) as d:
            d.ledger('203.0.113.10,2026-01-01T00:00:00Z,,vps-1,mail1,c-1,Ada,ada@example.net')
            d.start()
            d.lmtp(desk.arf(1))
            ticket = d.until('a ticket', lambda: d.items('/api/v1/tickets'))[0]['id']
            d.act(ticket, 'open')
            link = self.mailed_link(d, ticket)
            words = ('--cause', 'A shared password')

            def sent(*more):
                told = self.abate('reply', link, '--send', *more)
                self.assertIn('Sent.', told.stdout, told.stderr)
                return len(d.entries(ticket, 'reply')), len(d.entries(ticket, 'proof'))

            self.assertEqual(sent(*words), (1, 1))
            first = d.entries(ticket, 'proof')[0]['body']['document']['proofs']
            self.assertEqual(sent(*words), (1, 1), 'another run, later: the same answer')
            self.assertEqual(sent(*words, '--prevention', 'Keys only'), (2, 2), 'another sentence')
            second = d.entries(ticket, 'proof')[1]['body']['document']['proofs']
            self.assertNotEqual([one['at'] for one in first], [one['at'] for one in second], 'its proofs were made anew, or this test tells nothing')
            self.assertEqual(sent('--stuck'), (3, 3), 'a question is no answer')
            self.assertEqual(sent('--stuck'), (3, 3))
            self.assertEqual(sent(*words), (3, 3), 'the first once more')
            d.lmtp(desk.arf(2))
            d.until('the new incident', lambda: d.ticket(ticket)['incident_count'] == 2)
            self.assertEqual(sent(*words), (4, 4), 'after new harm it is said anew, with new proofs')
            d.verify()

    def mailed_link(self, d, ticket):
        """As it stands in the notice, in the command that a customer would copy."""
        def mailed():
            for file in sorted((d.folder / 'mail').glob('*')):
                found = re.search(r"abate --ticket '([^']+)'", file.read_text(errors='replace').replace('=3D', '='))
                if found and ticket in found[1]:
                    return found[1]
        link = d.until('the notice with its link', mailed)
        self.assertTrue(link.startswith(f'{d.base}/tickets/{ticket}#ticket_'), link)
        return link

    def named(self, d, link):
        d.tokens['link'] = link.partition('#')[2]
        return 'link'

    def test_a_lost_answer_doubles_nothing(self):
        """Between abate and the desk stands somebody who swallows the first answer to each POST."""
        with desk.Desk(desk.program()) as d:
            d.ledger('203.0.113.10,2026-01-01T00:00:00Z,,vps-1,mail1,c-1,Ada,ada@example.net')
            d.start()
            d.lmtp(desk.arf(1))
            ticket = d.until('a ticket', lambda: d.items('/api/v1/tickets'))[0]['id']
            d.act(ticket, 'open')
            lost = []

            class Between(http.server.BaseHTTPRequestHandler):
                def pass_on(self):
                    body = self.rfile.read(int(self.headers.get('Content-Length') or 0)) or None
                    headers = {k: v for k, v in self.headers.items() if k.lower() not in ('host', 'content-length', 'connection')}
                    ask = urllib.request.Request(d.base + self.path, body, headers, method=self.command)
                    try:
                        with urllib.request.urlopen(ask, timeout=30) as answer:
                            status, fields, raw = answer.status, answer.headers, answer.read()
                    except urllib.error.HTTPError as refused:
                        status, fields, raw = refused.code, refused.headers, refused.read()
                    if self.command == 'POST' and self.path not in lost:
                        lost.append(self.path)
                        self.close_connection = True
                        return  # the desk has it; abate never hears so
                    self.send_response(status)
                    for name in ('ETag', 'Content-Type'):
                        if fields.get(name):
                            self.send_header(name, fields[name])
                    self.send_header('Content-Length', str(len(raw)))
                    self.end_headers()
                    self.wfile.write(raw)

                do_GET = do_POST = pass_on

                def log_message(self, *_): pass

            between = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Between)
            threading.Thread(target=between.serve_forever, daemon=True).start()
            link = self.mailed_link(d, ticket).replace(d.base, f'http://127.0.0.1:{between.server_port}')
            sent = self.abate('reply', link, '--stuck', '--send')
            self.assertIn('Sent.', sent.stdout, sent.stderr)
            self.assertEqual([path.rpartition('/')[2] for path in lost], ['proofs', 'reply'])
            self.assertEqual(len(d.entries(ticket, 'proof')), 1)
            self.assertEqual(len(d.entries(ticket, 'reply')), 1)
            between.shutdown()
            between.server_close()

    def test_a_link_that_would_give_the_token_away_is_not_followed(self):
        for link, words in (('http://abuse.example.net/tickets/T-2026-000001#secret', 'https'),
                            ('https://abuse.example.net/tickets/T-2026-000001', 'copy it whole'),
                            ('https://user@abuse.example.net/tickets/T-2026-000001#secret', 'a host and a port')):
            told = self.abate('diagnose', link)
            self.assertEqual(told.returncode, 2)
            self.assertIn(words, told.stderr)
            self.assertNotIn('secret', told.stderr)

    def test_a_certificate_must_be_good_for_the_name(self):
        key, certificate = self.folder / 'key.pem', self.folder / 'cert.pem'
        asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.headers['Authorization'])
                body = json.dumps({'schema': 'abate.ticket/1', 'id': 'T-2026-000001', 'category': 'spam', 'service': {'id': 'v', 'addresses': []}, 'incidents': []}).encode()
                self.send_response(200)
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_): pass

        for name, good in (('localhost', True), ('elsewhere.example.net', False)):
            subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', f'/CN={name}', '-addext', f'subjectAltName=DNS:{name}',
                            '-keyout', key, '-out', certificate], check=True, capture_output=True)
            server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
            server.socket = context.wrap_socket(server.socket, server_side=True)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            link = f'https://localhost:{server.server_port}/tickets/T-2026-000001#secret'
            unknown = self.abate('diagnose', link)
            self.assertEqual(unknown.returncode, 2, unknown.stdout)
            self.assertEqual(asked, [], 'the token went to a server that nobody vouches for')
            known = self.abate('diagnose', link, SSL_CERT_FILE=str(certificate))
            self.assertEqual(known.returncode, 1 if good else 2, known.stderr)
            self.assertEqual(asked, ['Bearer secret'] if good else [])
            asked.clear()
            server.shutdown()
            server.server_close()


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
