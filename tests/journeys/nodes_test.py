#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Two desks on one PostgreSQL: they share the work, and either takes over what a dead or a stuck one held.

    nodes_test.py TREE PROGRAM

A lease ends after minutes. Nobody waits that long here: the journey moves the end of the leases that the first node
holds into the past, in the database, as if that time had gone by. Before it does so it makes sure that the second node
left the claimed work alone.
"""
import collections
import concurrent.futures
import os
import pathlib
import re
import signal
import sys
import unittest

import desk

SERVERS = 12
LEDGER = [f"203.0.113.{n},2026-01-01T00:00:00Z,,vps-{n},server{n},c-{n},Customer {n},customer{n}@example.net"
          for n in range(1, SERVERS + 1)]
POLICY = """[default]
respond_within = "{within}"
fix_within = "{within}"
remind_before = []
ladder = ["suspend"]
enforce = "automatic"
brake = 1000
"""
LEASES = {"reports": "leased_until", "outbox": "wake_at", "tickets": "wake_at"}
HOUR_US = 3600 * 1000 * 1000


def children_of(process):
    found = []
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(stat.read_text().rpartition(")")[2].split()[1]) == process.pid:
                found.append(int(stat.parent.name))
        except OSError:
            pass  # it ended while we looked
    return found


def end_child(process):
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        pass


class TwoNodes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = desk.PostgresCluster()
        cls.addClassCleanup(cls.cluster.close)

    def begin(self, within="1h"):
        self.smtp, self.hook = desk.SmtpSink(), desk.HookSink()
        for sink in (self.smtp, self.hook):
            self.addCleanup(sink.close)
            self.addCleanup(sink.hold.clear)
        store = self.cluster.new_database()
        self.one, self.two = (desk.Desk(
            desk.program(), store=store, node=name, smtp=self.smtp.url, policy=POLICY.format(within=within),
            more=self.hook.enforcer(), reading='workers = 1\ntime_max = "600s"') for name in ("one", "two"))
        self.addCleanup(self.one.close)
        self.addCleanup(self.two.close)
        self.one.run("migrate")
        self.one.ledger(*LEDGER)
        self.one.token("desk", "desk")
        self.two.tokens = self.one.tokens  # a token holds on every node
        return self.one.start()

    def tickets(self, count):
        self.two.until(f"{count} tickets", lambda: len(self.two.items("/api/v1/tickets")) >= count)
        found = self.two.items("/api/v1/tickets")
        self.assertEqual(len(found), count)
        return {ticket["service"]["id"]: ticket["id"] for ticket in found}

    def all_read(self, node):
        node.until("all read", lambda: node.sql("SELECT count(*) FROM reports WHERE status = 'received'") == [("0",)])

    def held_by_one(self, table):
        return self.two.sql(f"SELECT count(*) FROM {table} WHERE lease_owner LIKE 'one/%'")[0][0]

    def the_leases_of_one_end(self):
        for table, column in LEASES.items():
            self.two.sql(f"UPDATE {table} SET {column} = {column} - {HOUR_US} WHERE lease_owner LIKE 'one/%'")

    def end(self):
        for node in (self.one, self.two):
            if node.process:
                node.stop()
        self.assertIn("whole", self.two.verify())

    def test_both_work_and_nothing_is_done_twice(self):
        self.begin("2s")
        self.two.start()
        nodes = (self.one, self.two)

        def arrive(n):  # five complaints about each server, by every way there is, to both nodes at the same time
            for way in range(2):
                nodes[way].lmtp(desk.arf(f"{n}-{way}", f"203.0.113.{n}"))
                nodes[way].lmtp(desk.arf(f"{n}-both", f"203.0.113.{n}"))  # the same bytes: one report, two arrivals
            return {nodes[way % 2].call("POST", "/api/v1/reports", desk.arf(f"{n}-web", f"203.0.113.{n}"),
                                        Content_Type="message/rfc822", Idempotency_Key=f"key-{n}").body["report_id"]
                    for way in range(4)}
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            ids = list(pool.map(arrive, range(1, SERVERS + 1)))
        self.assertEqual({len(one) for one in ids}, {1}, "one key made two reports")
        self.all_read(self.one)
        self.assertEqual(self.one.sql("SELECT count(*) FROM reports"), [(str(4 * SERVERS),)])
        self.assertEqual(self.one.sql("SELECT count(*), min(arrivals) FROM reports WHERE arrivals > 1 AND token = ''"),
                         [(str(SERVERS), "2")])
        tickets = self.tickets(SERVERS)
        self.assertEqual(set(self.one.sql("SELECT incident_count FROM tickets")), {("4",)})

        for n, ticket in enumerate(tickets.values()):
            nodes[n % 2].act(ticket, "open")
        self.hook.wait(SERVERS)
        for ticket in tickets.values():
            self.two.until("in force", lambda: self.two.measures(ticket) == [("suspend", "in_force")])
        self.smtp.wait(3 * SERVERS)  # opened, overdue, measure
        self.two.until("the outbox empty", lambda: self.two.sql(
            "SELECT count(*) FROM outbox WHERE state <> 'done'") == [("0",)])
        seen = collections.Counter(re.search(r"\[(\S+)\] (\w+ \w+)", mail["Subject"]).groups()
                                   for mail in self.smtp.mails)
        self.assertEqual((len(seen), set(seen.values())), (3 * SERVERS, {1}), "a notice was sent twice")
        self.assertEqual(len({mail["Message-ID"] for mail in self.smtp.mails}), 3 * SERVERS)
        self.assertEqual(collections.Counter(post.key for post in self.hook.posts),
                         {f"{ticket}.m1.on": 1 for ticket in tickets.values()})
        for ticket in tickets.values():
            self.assertEqual(len(self.one.entries(ticket, "overdue")), 1)
        self.end()

    def test_an_import_on_one_is_seen_by_both(self):
        self.begin()
        self.two.start()
        path = "/api/v1/attribution?ip=203.0.113.99&at=2026-11-01T00:00:00Z"
        for node in (self.one, self.two):
            self.assertEqual(node.get(path)["verdict"], "unassigned")
        self.one.ledger(*LEDGER, "203.0.113.99,2026-01-01T00:00:00Z,,vps-99,new,c-99,New,new@example.net")
        for node in (self.one, self.two):
            node.until("the new owner", lambda: node.get(path)["verdict"] == "matched", seconds=6)
            self.assertEqual(node.get(path)["assignment"]["service_id"], "vps-99")
        self.end()

    def stuck_reading(self):
        """Five complaints that the first node acknowledged; what it claimed of them it does not come to an end with.
        The second node has read the others. Gives the first node's readers, which are stopped."""
        self.one.lmtp(desk.arf("first", "198.51.100.1"))
        self.all_read(self.one)  # by now its readers are running
        readers = children_of(self.one.process)
        self.assertTrue(readers)
        for reader in readers:
            self.addCleanup(end_child, reader)
            os.kill(reader, signal.SIGSTOP)
        for n in range(1, 6):
            self.one.lmtp(desk.arf(n, f"203.0.113.{n}"))
        self.one.until("a claim", lambda: self.held_by_one("reports") != "0")
        self.two.start()
        held = int(self.held_by_one("reports"))
        self.tickets(5 - held)
        self.two.lmtp(desk.arf("meanwhile", "203.0.113.12"))
        self.tickets(6 - held)
        self.assertEqual(int(self.held_by_one("reports")), held, "taken over while the lease held")
        return readers

    def test_what_a_dead_node_was_reading_is_read_by_the_other(self):
        self.begin()
        self.stuck_reading()
        self.one.kill()
        self.the_leases_of_one_end()
        self.all_read(self.two)
        self.tickets(6)
        self.counted(6)
        self.end()

    def test_a_node_that_was_only_stuck_puts_nothing_into_a_second_ticket(self):
        self.begin()
        readers = self.stuck_reading()
        self.the_leases_of_one_end()
        self.all_read(self.two)
        for ticket in self.tickets(6).values():  # what came now would begin another ticket
            self.two.act(ticket, "dismiss", reason="a mistake of the reporter")
        self.two.stop()
        for reader in readers:
            os.kill(reader, signal.SIGCONT)
        self.one.lmtp(desk.arf("later", "203.0.113.7"))
        self.one.until("read", lambda: len(self.one.items("/api/v1/tickets")) == 7)
        self.counted(7)
        self.end()

    def counted(self, tickets):
        """One report, one incident, one ticket."""
        self.assertEqual(self.one.sql("SELECT count(*), sum(incident_count) FROM tickets"), [(str(tickets),) * 2])
        self.assertEqual(self.one.sql(
            "SELECT count(*), count(DISTINCT report_id) FROM incidents WHERE ticket_id <> ''"), [(str(tickets),) * 2])
        self.assertEqual(self.one.sql("SELECT count(*) FROM entries WHERE kind IN ('reported', 'incident_added')"),
                         [(str(tickets),)])
        self.assertEqual(self.one.sql("SELECT count(*), min(status) FROM reports WHERE status <> 'read'"), [("0", "")])

    def held_effects(self):
        """A notice and an order that the first node has begun and got no answer to; the second one runs as well."""
        self.one.lmtp(desk.arf(1, "203.0.113.1"))
        ticket = self.one.until("a ticket", lambda: self.one.items("/api/v1/tickets"))[0]["id"]
        self.one.act(ticket, "open")
        self.one.until("delivered", lambda: self.one.ticket(ticket)["notice"] == "delivered")
        self.smtp.hold.set()
        self.hook.hold.set()
        self.one.act(ticket, "measures", measure="suspend", on=True, reason="on purpose", deliberate=True)
        self.one.act(ticket, "reply", text="Please write to us.")
        self.one.until("both begun", lambda: len(self.hook.posts) == 1 and len(self.smtp.mails) == 2)
        self.two.start()
        return ticket

    def check_effects(self, ticket, replies):
        """Each effect twice, as it must be when nobody can know whether the first one counted; but with one key."""
        self.two.until("in force", lambda: self.two.measures(ticket) == [("suspend", "in_force")])
        self.smtp.wait(1, having="protective measure")
        self.two.until("all settled", lambda: self.two.sql(
            "SELECT count(*) FROM outbox WHERE state <> 'done'") == [("0",)])
        self.assertEqual((len(self.hook.posts), len({(post.key, post.raw) for post in self.hook.posts})), (2, 1))
        mails = [mail for mail in self.smtp.wait(2, having="We answered") if "Please write to us." in mail.plain]
        self.assertEqual((len(mails), len({(mail["Message-ID"], mail.sender, mail.raw) for mail in mails})), (2, 1))
        for kind, count in (("measure_approved", 1), ("measure_in_force", 1), ("reply", replies),
                            ("notice_sent", 2 + replies)):
            self.assertEqual(len(self.two.entries(ticket, kind)), count, kind)

    def test_what_a_dead_node_was_sending_is_sent_by_the_other_with_the_same_key(self):
        self.begin()
        ticket = self.held_effects()
        self.one.kill()
        self.smtp.hold.clear()
        self.hook.hold.clear()
        self.two.act(ticket, "reply", text="Sent by the second node.")
        self.smtp.wait(2, having="We answered")
        self.assertEqual((self.held_by_one("outbox"), len(self.hook.posts)), ("2", 1), "taken while the lease held")
        self.the_leases_of_one_end()
        self.check_effects(ticket, replies=2)
        self.end()

    def test_what_a_stuck_node_was_sending_is_entered_once(self):
        self.begin()
        ticket = self.held_effects()
        self.the_leases_of_one_end()
        self.two.until("one begun again", lambda: len(self.hook.posts) + len(self.smtp.mails) > 1 + 2)
        self.smtp.hold.clear()
        self.hook.hold.clear()
        self.check_effects(ticket, replies=1)
        self.end()


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
