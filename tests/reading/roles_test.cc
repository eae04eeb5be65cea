// SPDX-License-Identifier: Apache-2.0
// Who is blamed and who was hit, as people and forms say it in a sentence or two.
#include <array>
#include <set>

#include <gtest/gtest.h>

#include "base/text.h"
#include "reading/read.h"

namespace abate::reading {
namespace {

struct Said {
  std::string_view text;
  std::string_view blamed;  // in order, with blanks between
};
constexpr auto kSaid = std::to_array<Said>({
    {"The following IPs are attacking us: 192.0.2.13, 192.0.2.14", "192.0.2.13 192.0.2.14"},
    {"These hosts scan our network: 192.0.2.13, 192.0.2.14", "192.0.2.13 192.0.2.14"},
    {"IP addresses attacking our server: 192.0.2.13, 192.0.2.14", "192.0.2.13 192.0.2.14"},
    {"ips that attack me: 192.0.2.13:4444, 192.0.2.14:5555 and 192.0.2.15:6666", "192.0.2.13 192.0.2.14 192.0.2.15"},
    {"Folgende IPs greifen uns an: 192.0.2.13, 192.0.2.14", "192.0.2.13 192.0.2.14"},
    {"IPs qui nous attaquent : 192.0.2.13, 192.0.2.14", "192.0.2.13 192.0.2.14"},
    {"Hosts targeting us: 192.0.2.13", "192.0.2.13"},
    {"Server under attack: 198.51.100.1, attackers: 192.0.2.13, 192.0.2.14", "192.0.2.13 192.0.2.14"},
    {"Attack on our server: 198.51.100.1, source 192.0.2.13", "192.0.2.13"},
    {"Attacked server: 198.51.100.1. Attacking server: 192.0.2.13.", "192.0.2.13"},
    {"Attacker 192.0.2.13, victim 198.51.100.1, port 22", "192.0.2.13"},
    {"Victim 198.51.100.1, attacker 192.0.2.13, port 22", "192.0.2.13"},
    {"198.51.100.1 is our web server; it is being flooded by 192.0.2.13.", "192.0.2.13"},
    {"We see SYN packets from 192.0.2.13 and 192.0.2.14 to our address 198.51.100.1.", "192.0.2.13 192.0.2.14"},
    {"Traffic to 198.51.100.1 from 192.0.2.13 exceeds 2 Gbps.", "192.0.2.13"},
    {"Our customer 198.51.100.1 receives a flood from your 192.0.2.13.", "192.0.2.13"},
    {"Please block 192.0.2.13. It attacks 198.51.100.1.", "192.0.2.13"},
    {"Host 192.0.2.13 (vps.example.net) attacked our host 198.51.100.1 (www.victim.example).", "192.0.2.13"},
    {"Source: 192.0.2.13\nTarget: 198.51.100.1", "192.0.2.13"},
    {"From: 192.0.2.13\nTo: 198.51.100.1", "192.0.2.13"},
    {"Src IP 192.0.2.13 Dst IP 198.51.100.1", "192.0.2.13"},
    {"src=192.0.2.13 dst=198.51.100.1", "192.0.2.13"},
    {"Target IP: 198.51.100.1\nAttacker IP: 192.0.2.13", "192.0.2.13"},
    {"Affected IP: 192.0.2.13\nProblem: participates in DDoS", "192.0.2.13"},
    {"Your IP: 192.0.2.13\nOur IP: 198.51.100.1", "192.0.2.13"},
    {"IP involved: 192.0.2.13\nReporting system: 198.51.100.1", "192.0.2.13"},
    {"Offender: 192.0.2.13\nDestination: 198.51.100.1:80", "192.0.2.13"},
    {"Involved IPs: 192.0.2.13, 192.0.2.14\nTargeted: 198.51.100.1", "192.0.2.13 192.0.2.14"},
    {"Abusing IP 192.0.2.13\nHoneypot 198.51.100.1", "192.0.2.13"},
    {"Remote address: 192.0.2.13\nLocal address: 198.51.100.1", "192.0.2.13"},
    {"Client: 192.0.2.13\nServer: 198.51.100.1", "192.0.2.13"},
    {"Bot IP: 192.0.2.13\nServer IP: 198.51.100.1", "192.0.2.13"},
    {"Infected IP: 192.0.2.13\nC2 IP: 198.51.100.1", "192.0.2.13"},
    {"Quell-IP: 192.0.2.13\nZiel-IP: 198.51.100.1", "192.0.2.13"},
    {"Angreifer: 192.0.2.13\nOpfer: 198.51.100.1", "192.0.2.13"},
    {"IP source : 192.0.2.13\nIP destination : 198.51.100.1", "192.0.2.13"},
    {"IP attaquante : 192.0.2.13\nIP attaquée : 198.51.100.1", "192.0.2.13"},
    {"IP origen: 192.0.2.13\nIP destino: 198.51.100.1", "192.0.2.13"},
    {"IP atacante: 192.0.2.13\nIP atacada: 198.51.100.1", "192.0.2.13"},
    {"IP de origem: 192.0.2.13\nIP de destino: 198.51.100.1", "192.0.2.13"},
    {"IP sorgente: 192.0.2.13\nIP destinazione: 198.51.100.1", "192.0.2.13"},
    {"Bron-IP: 192.0.2.13\nDoel-IP: 198.51.100.1", "192.0.2.13"},
    {"Adres źródłowy: 192.0.2.13\nAdres docelowy: 198.51.100.1", "192.0.2.13"},
    {"Zdrojová IP: 192.0.2.13\nCílová IP: 198.51.100.1", "192.0.2.13"},
    {"IP источника: 192.0.2.13\nIP назначения: 198.51.100.1", "192.0.2.13"},
    {"IP атакующего: 192.0.2.13\nIP жертвы: 198.51.100.1", "192.0.2.13"},
    {"Kaynak IP: 192.0.2.13\nHedef IP: 198.51.100.1", "192.0.2.13"},
    {"源IP：192.0.2.13\n目的IP：198.51.100.1", "192.0.2.13"},
    {"攻击IP：192.0.2.13\n被攻击IP：198.51.100.1", "192.0.2.13"},
    {"送信元IP：192.0.2.13\n宛先IP：198.51.100.1", "192.0.2.13"},
    {"攻撃元: 192.0.2.13\n攻撃先: 198.51.100.1", "192.0.2.13"},
    {"출발지 IP: 192.0.2.13\n목적지 IP: 198.51.100.1", "192.0.2.13"},
    {"공격자 IP: 192.0.2.13\n피해 IP: 198.51.100.1", "192.0.2.13"},
    {"The attack was directed at 198.51.100.1. It originated at 192.0.2.13.", "192.0.2.13"},
    {"192.0.2.13 -> 198.51.100.1:443 DDoS", "192.0.2.13"},
    {"Our firewall at 198.51.100.1 logged 300 hits from 192.0.2.13.", "192.0.2.13"},
    {"Reported by 198.51.100.1: abuse by 192.0.2.13", "192.0.2.13"},
    {"Sensor 198.51.100.1 recorded attacks by 192.0.2.13", "192.0.2.13"},
    {"IP 192.0.2.13 has been reported for DDoS. Reporter IP 198.51.100.1.", "192.0.2.13"},
    {"192.0.2.13 was seen attacking 198.51.100.1 and 198.51.100.2.", "192.0.2.13"},
    {"We were hit by 192.0.2.13, 192.0.2.14 and 192.0.2.15.", "192.0.2.13 192.0.2.14 192.0.2.15"},
    {"Attack sources in your network: 192.0.2.13, 192.0.2.14. Attack target in our network: 198.51.100.1.",
     "192.0.2.13 192.0.2.14"},
    {"Attackers:\n - 192.0.2.13\n - 192.0.2.14\nVictims:\n - 198.51.100.1\n", "192.0.2.13 192.0.2.14"},
    {"Victims:\n - 198.51.100.1\nAttackers:\n - 192.0.2.13\n - 192.0.2.14\n", "192.0.2.13 192.0.2.14"},
    {"| Attacker | Victim |\n| 192.0.2.13 | 198.51.100.1 |", "192.0.2.13"},
    {"| Victim | Attacker |\n| 198.51.100.1 | 192.0.2.13 |", "192.0.2.13"},
    {"Attacker IP;Target IP;Hits\n192.0.2.13;198.51.100.1;100\n192.0.2.14;198.51.100.1;20", "192.0.2.13 192.0.2.14"},
});

TEST(Roles, are_told_by_the_words_around_an_address) {
  for (const Said& said : kSaid) {
    SCOPED_TRACE(said.text);
    const std::string report = fmt::format(
        "From: a@victim.example\nSubject: DDoS complaint\nDate: Mon, 09 Nov 2026 10:15:00 +0100\n"
        "Content-Type: text/plain; charset=utf-8\n\n{}\n",
        said.text);
    std::set<std::string> blamed;
    for (const Incident& incident : read_unhashed(report, "message/rfc822", "").incidents)
      if (incident.source_ip) blamed.insert(incident.source_ip->to_string());
    std::set<std::string> wanted;
    for (const std::string_view address : split(said.blamed, ' ')) wanted.emplace(address);
    EXPECT_EQ(blamed, wanted);
  }
}

}  // namespace
}  // namespace abate::reading
