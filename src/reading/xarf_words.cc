// SPDX-License-Identifier: Apache-2.0
#include "reading/xarf_words.h"

#include <array>

#include "base/text.h"
#include "reading/kinds.h"

namespace abate::reading {
namespace {

constexpr std::size_t kWordBytesMax = 100;

struct Row {
  std::string_view type;
  std::string_view words;                           // parted by blanks
  std::optional<Category> category = std::nullopt;  // where it is not that of the type
};

constexpr std::array kReportTypes{
    Row{"messaging/spam",
        "spam spamtrap trap unsolicited unsolicitedmail unsolicitedbulkemail ube uce junk junkmail spamvertised "
        "spamvertized spamvertisement spamvertisedsite spamvertisedwebsite socialengineering commentspam forumspam "
        "blogspam webspam wikispam harvesting harvester emailharvesting addressharvesting spamrun spammer mailspam "
        "emailspam openrelayspam backscatter advancefeefraud scammail"},
    Row{"messaging/bulk_messaging", "bulk bulkmessaging bulkmail massmail newsletter snowshoe"},
    Row{"content/phishing",
        "phishing phish phishingsite phishingurl phishingattack masquerade spearphishing phishingpage phishingwebsite "
        "phishingpost phishingredirect phishingform phishingmail"},
    Row{"content/fraud",
        "fraud scam fraudsite scamsite fakeshop advancefee investmentfraud financialfraud 419 419scam"},
    Row{"content/malware",
        "malware malwareurl malwarehosting malwaredistribution virus trojan ransomware exploitkit "
        "driveby drivebydownload malwaresite malwaredownload dropper payload maliciouscode malicioussoftware worm "
        "maliciousurl maliciouswebsite infectedwebsite badware rpzrewrite spyware skimmer webskimmer"},
    Row{"infrastructure/botnet",
        "botnet bot bots drone malwareattack zombie infection infected infectedhost infectedsystem infectedmachine "
        "infectedcomputer "
        "compromisedhost compromisedmachine compromisedsystem c2 cc cnc cncserver c2server commandandcontrol "
        "commandcontrol botnetcontroller botnetinfection sinkhole sinkholehit malwareinfection controller "
        "malwareconnection malwareactivity p2pbotnet ircbot botnetactivity beacon"},
    Row{"connection/ddos",
        "dos ddos dosattack ddosattack denialofservice distributeddenialofservice flood flooding synflood udpflood "
        "httpflood apacheddos amplification amplificationattack reflection amplifier ipspoof ipspoofing spoofing "
        "reflectionattack booter stresser volumetric portflood floods"},
    Row{"connection/login_attack",
        "loginattack login bruteforce bruteforceattack brute bruteforcelogin authfailure authenticationfailure "
        "authenticationattack failedlogin failedlogins loginfailure loginattempt loginattempts passwordguessing "
        "passwordattack credentialstuffing dictionaryattack sshattack sshbruteforce invaliduser unauthorizedaccess "
        "unauthorizedlogin accessattempt sipattack sipabuse voipfraud hackinglogin intrusionattempt"},
    Row{"connection/port_scan",
        "portscan portscanning portscanner scan scans scanner scanning networkscan networkscanning portprobe probe "
        "probing hostscan ipscan portsweep sweep firewall darknet"},
    Row{"connection/reconnaissance", "reconnaissance recon informationgathering snmpscan directorytraversalprobe"},
    Row{"connection/scraping",
        "scraping scraper webcrawler crawler crawling webcrawling badbot badbots webscraping contentscraping robots"},
    Row{"connection/sql_injection", "sqlinjection sqli sql"},
    Row{"connection/vulnerability_scan",
        "vulnerabilityscan vulnerabilityscanner vulnscan exploit exploitation exploitattempt exploiting hacking hack "
        "hackattempt hackingattempt hackattack webattack webapplicationattack webappattack attack rfi lfi rfiattack "
        "remotefileinclusion rce xss crosssitescripting w00tw00t intrusion ids idsalert serverattack networkattack "
        "systemattack activityattack honeypot honeypotattack webexploit httpattack webdav phpurlfopen shellshock "
        "log4j log4shell wordpressattack"},
    // A program that makes accounts: XARF v4 calls that an infected host's account_creation; no malware was seen.
    Row{"connection/infected_host", "regbot registrationbot registerbot formbot fakeaccounts", Category::other},
    Row{"content/csam",
        "childabuse csam childporn childpornography csai childsexualabuse childsexualabusematerial cp kidporn"},
    Row{"content/csem", "csem grooming sextortion childexploitation childsexualexploitation"},
    Row{"copyright/p2p", "p2p bittorrent torrent filesharing peertopeer edonkey gnutella copyrightp2p"},
    Row{"copyright/copyright",
        "copyright copyrightinfringement copyrightviolation dmca piracy infringement intellectualproperty "
        "copyrightedmaterial illegaldownload warez"},
    Row{"content/brand_infringement",
        "trademark trademarkinfringement trademarkviolation brand brandinfringement brandabuse brandimpersonation "
        "counterfeit counterfeiting cybersquatting typosquatting impersonation lookalike"},
    Row{"content/suspicious_registration",
        "suspiciousregistration suspiciousdomain newlyregistereddomain domainabuse maliciousregistration"},
    Row{"content/exposed_data",
        "exposeddata dataleak databreach dataexposure leak leakage leakedcredentials credentialleak informationleak "
        "informationdisclosure doxing doxxing personaldata privacyviolation"},
    Row{"content/harassment",
        "harassment harassing threat threats hate hatespeech bullying cyberbullying stalking defamation libel insult "
        "violence terrorism terroristcontent extremism"},
    Row{"infrastructure/compromised_server",
        "compromisedserver compromisedaccount potentiallycompromisedaccount hackedaccount accounttakeover "
        "compromisedwebsite hackedwebsite hackedsite webhack webhacking defacement defacedwebsite defaced hackedserver "
        "hackedhost webshell backdoor compromised compromise rootkit potentiallycompromised compromisedwebserver"},
    Row{"vulnerability/open_service",
        "openservice openresolver openrecursiveresolver opendns opendnsresolver openntp ntpmonlist openrelay openproxy "
        "proxy socks proxies open openserver openservices torexit torexitnode tor anonymizer exposedservice "
        "vulnerableservice accessibleservice openssdp opensnmp openmemcached openredis openmongodb openelasticsearch "
        "openldap openchargen opennetbios openportmapper openrdp opentelnet opensmb rogueservice hiddenservice "
        "opendatabase openport openports"},
    Row{"vulnerability/cve", "cve vulnerability vulnerable vulnerablesystem vulnerablesoftware"},
    Row{"vulnerability/misconfiguration",
        "misconfiguration misconfigured sslpoodle sslfreak poodle freak heartbleed outdateddnssec dnssec weakssl "
        "weakcipher sslvulnerable outdatedsoftware expiredcertificate roguedns misconfigureddns sslvulnerability"},
    Row{"reputation/blocklist", "blocklist blacklist blocklisted blacklisted listing dnsbl rbl reputation"},
    Row{"reputation/threat_intelligence", "threatintelligence ioc indicator indicatorofcompromise threatintel"},
};

// What attacks on a service are. Mail that a server refuses over and over is spam that somebody tries to send.
constexpr std::array kServices{
    Row{"connection/login_attack",
        "ssh sshd sshddos sftp ftp ftpd ftps proftpd proftp pureftpd pureftp vsftpd wuftpd telnet telnetd rdp vnc imap "
        "imapd imaps pop pop3 pop3d pop3s courier courierpop3 courierimap courierauth couriersmtpauth dovecot cyrus "
        "cyrusimap sasl saslauth saslauthd postfixsasl smtpauth eximauth mysql mysqld mssql postgres postgresql sip "
        "sips asterisk voip freeswitch kamailio webmin plesk pleskpanel cpanel whm directadmin ispconfig roundcube "
        "squirrelmail webmail wordpress wplogin joomla typo3 drupal apacheauth nginxhttpauth httpauth phpmyadmin "
        "bruteforcelogin loginattack vpn openvpn ldap radius ssh2 dropbear proxmox"},
    Row{"messaging/spam",
        "mail mails smtp smtps smtpd submission postfix exim exim4 sendmail qmail email spam spamassassin rbl mta"},
    Row{"connection/ddos", "ddos dos apacheddos httpddos flood floods synflood named bind dns"},
    Row{"connection/port_scan", "portscan firewall iptables portsentry psad ufw scanlogd"},
    Row{"connection/scraping", "badbot badbots badrobots robots crawler apachebadbots"},
    Row{"connection/vulnerability_scan",
        "http https httpd apache apache2 nginx lighttpd web www webserver apachenoscript apacheoverflows w00tw00t "
        "modsec modsecurity modsec2 phpurlfopen rfi php php5 iis tomcat rfiattack snort suricata honeypot dionaea "
        "bot bots ircbot squid"},
    Row{"connection/infected_host", "regbot regbots wiki blog", Category::other},
};

bool has_word(std::string_view words, std::string_view word) {
  for (std::size_t at = 0; at <= words.size();) {
    const auto end = std::min(words.find(' ', at), words.size());
    if (words.substr(at, end - at) == word) return true;
    at = end + 1;
  }
  return false;
}

template <class Rows>
std::optional<XarfKind> find(const Rows& rows, std::string_view word, std::string_view detail) {
  if (word.empty()) return std::nullopt;
  for (const Row& row : rows)
    if (has_word(row.words, word)) return XarfKind{row.type, row.category.value_or(category_of_type(row.type, detail))};
  return std::nullopt;
}

// "ThirdPartyBlocklist" -> "Third Party Blocklist"; "login-attack" -> "login attack".
std::string words_apart(std::string_view text) {
  std::string apart;
  for (const char c : text.substr(0, kWordBytesMax)) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool letter = upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (upper && !apart.empty() && apart.back() >= 'a' && apart.back() <= 'z') apart += ' ';
    apart += letter ? c : ' ';
  }
  return apart;
}

}  // namespace

std::vector<XarfWord> xarf_report_words() {
  std::vector<XarfWord> out;
  for (const Row& row : kReportTypes)
    if (!row.category)
      for (const std::string_view word : split(row.words, ' ')) out.push_back({word, row.type});
  return out;
}

std::string xarf_word(std::string_view text) {
  std::string word;
  for (const char c : text.substr(0, kWordBytesMax)) {
    if (c >= 'A' && c <= 'Z') word += static_cast<char>(c + 32);
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) word += c;
  }
  return word;
}

std::optional<XarfKind> xarf_kind(std::string_view word, std::string_view detail) {
  const std::string bare = xarf_word(word);
  if (bare.empty()) return std::nullopt;
  // "openproxy" says itself that it is one.
  const std::string details = std::string(detail) + " " + bare + (bare.starts_with("tor") ? " proxy" : "");
  if (const auto kind = find(kReportTypes, bare, details)) return kind;
  // Words of other taxonomies, and words made of several: "SpamvertizedWebsite".
  const auto known = kind_of_word(word);
  if (known) return XarfKind{known->type, category_of_type(known->type, details + " " + std::string(known->detail))};
  const std::string apart = words_apart(word);
  for (const std::string_view each : split(apart, ' '))
    if (const auto kind = find(kReportTypes, xarf_word(each), details)) return kind;
  if (const auto within = kind_in(apart)) return XarfKind{within->type, within->category()};
  return std::nullopt;
}

std::optional<XarfKind> xarf_kind_of_service(std::string_view service) {
  return find(kServices, xarf_word(service), {});
}

}  // namespace abate::reading
