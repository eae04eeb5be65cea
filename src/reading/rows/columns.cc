// SPDX-License-Identifier: Apache-2.0
#include "reading/rows/columns.h"

#include <algorithm>
#include <vector>

namespace abate::reading {
namespace {

struct Row {
  std::string_view name;
  Column column;
  std::uint8_t rank = 0;
};

using enum Column;
constexpr Row kNames[] = {
    // whose address is blamed; what a sender calls it, the surest first
    Row{"sourceip", source_ip},
    Row{"srcip", source_ip},
    Row{"sourceaddress", source_ip},
    Row{"sourceip4", source_ip},
    Row{"sourceip6", source_ip},
    Row{"sourceipaddress", source_ip},
    Row{"attackerip", source_ip},
    Row{"attackip", source_ip},
    Row{"abuseip", source_ip},
    Row{"infectedip", source_ip},
    Row{"offendingip", source_ip},
    Row{"badip", source_ip},
    Row{"botip", source_ip},
    Row{"abuserip", source_ip},
    Row{"maliciousip", source_ip},
    Row{"srcaddr", source_ip},
    Row{"srcaddress", source_ip},
    Row{"ip", source_ip, 1},
    Row{"ipaddress", source_ip, 1},
    Row{"ipaddr", source_ip, 1},
    Row{"addressip", source_ip, 1},
    Row{"addressipv6", source_ip, 1},
    Row{"ipv4", source_ip, 1},
    Row{"ipv6", source_ip, 1},
    Row{"dstip", destination_ip},
    Row{"ip4", source_ip, 1},
    Row{"ip6", source_ip, 1},
    Row{"ips", source_ip, 1},
    Row{"address", source_ip, 2},
    Row{"sourcevalue", source_ip, 2},
    Row{"ipstr", source_ip, 1},
    Row{"sourcenetwork", source_ip, 5},
    Row{"iprange", source_ip, 4},
    Row{"clientip", source_ip, 3},
    Row{"hostip", source_ip, 2},
    Row{"serverip", source_ip, 3},
    Row{"attacker", source_ip, 3},
    Row{"source", source_ip, 4},
    Row{"src", source_ip, 3},
    Row{"network", source_ip, 6},
    Row{"cidr", source_ip, 6},
    Row{"netblock", source_ip, 6},
    Row{"prefix", source_ip, 6},
    Row{"remotehost", source_ip, 7},
    Row{"saddr", source_ip, 2},
    Row{"ipaddressofinfringer", source_ip},
    Row{"infringingip", source_ip},
    Row{"reportedip", source_ip},
    Row{"httprefererip", source_ip, 1},
    Row{"httprefererport", source_port, 1},
    Row{"envremoteaddr", source_ip},  // sinkholes of AnubisNetworks and BitSight
    Row{"geoenvremoteaddrip", source_ip, 1},
    Row{"indicator", host, 3},
    Row{"ioc", host, 3},
    Row{"iocvalue", host, 3},
    Row{"value", host, 5},
    Row{"sourceport", source_port},
    Row{"srcport", source_port},
    Row{"port", source_port, 1},
    Row{"localport", source_port, 1},
    Row{"sport", source_port},
    Row{"portnumber", source_port, 1},
    Row{"tcpport", source_port, 4},
    Row{"dstport", destination_port},
    // who was attacked, or where the infected machine called
    Row{"destinationip", destination_ip},
    Row{"destip", destination_ip},
    Row{"destaddr", destination_ip},
    Row{"dstaddr", destination_ip},
    Row{"targetip", destination_ip},
    Row{"targetip4", destination_ip},
    Row{"targetip6", destination_ip},
    Row{"victimip", destination_ip},
    Row{"dip", destination_ip},
    Row{"daddr", destination_ip},
    Row{"ccip", destination_ip},
    Row{"cc", destination_ip, 1},
    Row{"remoteip", destination_ip, 1},
    Row{"sinkholeip", destination_ip},
    Row{"destinationaddress", destination_ip},
    Row{"envserveraddr", destination_ip},
    Row{"envserverport", destination_port},
    Row{"envremoteport", source_port},
    Row{"destinationport", destination_port},
    Row{"destport", destination_port},
    Row{"targetport", destination_port},
    Row{"dport", destination_port},
    Row{"ccport", destination_port},
    Row{"remoteport", destination_port, 1},
    Row{"protocol", protocol},
    Row{"proto", protocol},
    Row{"transport", protocol},
    Row{"protocoltransport", protocol},
    Row{"sourceproto", protocol, 1},
    Row{"transportprotocol", protocol},
    // what is hosted
    Row{"sourceurl", url},
    Row{"url", url, 1},
    Row{"uri", url, 1},
    Row{"link", url, 2},
    Row{"phishingurl", url},
    Row{"malwareurl", url},
    Row{"maliciousurl", url},
    Row{"urls", url, 1},
    Row{"srcurl", url},
    Row{"httpurl", url, 3},
    Row{"httprequesturi", url, 3},
    Row{"fqdn", domain},
    Row{"sourcefqdn", domain},
    Row{"domain", domain, 1},
    Row{"domainname", domain, 1},
    Row{"ccdns", domain, 9},
    Row{"sourcehostname", domain, 4},
    Row{"sourcedomainname", domain, 3},
    Row{"domainaddress", domain, 1},
    Row{"dnsname", domain, 4},
    Row{"host", host, 4},
    Row{"httphost", domain, 5},
    // when
    Row{"timesource", started},
    Row{"timestamp", started, 1},
    Row{"eventtimestamp", started},
    Row{"eventdatetime", started},
    Row{"datetime", started, 1},
    Row{"time", started, 4},
    Row{"timestamputc", started},
    Row{"dateutc", started, 1},
    Row{"datetimeutc", started},
    Row{"timeutc", started},
    Row{"detecttime", started},
    Row{"eventtime", started, 2},
    Row{"starttime", started, 3},
    Row{"winstarttime", started, 4},
    Row{"firstseen", started, 3},
    Row{"firstseenutc", started, 2},
    Row{"firsttime", started, 3},
    Row{"first", started, 5},
    Row{"lastseen", started, 4},
    Row{"lastseenutc", started, 4},
    Row{"seen", started, 4},
    Row{"dateadded", started, 3},
    Row{"listingdate", started, 4},
    Row{"listed", started, 6},
    Row{"added", started, 5},
    Row{"detected", started, 3},
    Row{"detectedat", started, 2},
    Row{"observed", started, 3},
    Row{"observedat", started, 2},
    Row{"reported", started, 5},
    Row{"reportdate", started, 6},
    Row{"reportedat", started, 6},
    Row{"createdat", started, 7},
    Row{"discovered", started, 4},
    Row{"discoveredon", started, 4},
    Row{"submissiontime", started, 5},
    Row{"verificationtime", started, 7},
    Row{"occurred", started, 3},
    Row{"occurredat", started, 3},
    Row{"logtime", started, 3},
    Row{"date", date, 2},
    Row{"eventdate", date},
    Row{"epoch", started, 4},
    Row{"ts", started, 3},
    Row{"timeadd", started, 5},
    Row{"datetimereceivedutctxt", started, 1},
    Row{"unixtime", started, 4},
    Row{"timeobservation", started, 8},
    Row{"createtime", started, 9},
    Row{"firstonline", started, 6},
    Row{"lastonline", ended, 6},
    Row{"c2firstseen", started, 6},
    Row{"insertdate", started, 5},
    Row{"endtime", ended},
    Row{"winendtime", ended, 2},
    Row{"ceasetime", ended, 1},
    Row{"until", ended, 3},
    Row{"timeend", ended},
    // what it is
    Row{"classificationtype", kind},
    Row{"category", kind, 1},
    Row{"type", kind, 4},
    Row{"reporttype", kind, 2},
    Row{"threattype", kind, 2},
    Row{"threat", kind, 2},
    Row{"kind", kind, 2},
    Row{"eventtype", kind, 2},
    Row{"attacktype", kind, 1},
    Row{"abusetype", kind},
    Row{"incidenttype", kind, 1},
    Row{"classification", kind, 1},
    Row{"classificationtaxonomy", kind, 5},
    Row{"attack", kind, 4},
    Row{"report", kind, 5},
    Row{"reason", kind, 5},
    Row{"listingreason", kind, 4},
    Row{"sourcetype", kind, 7},
    Row{"tag", detail, 1},
    Row{"tags", detail, 1},
    Row{"infection", detail},
    Row{"infectiontype", detail},
    Row{"malware", detail},
    Row{"malwarename", detail},
    Row{"malwareprintable", detail},
    Row{"trojanfamily", detail},
    Row{"family", detail, 1},
    Row{"botname", detail},
    Row{"name", detail, 4},
    Row{"signature", detail, 1},
    Row{"comment", detail, 5},
    Row{"comments", detail, 5},
    Row{"description", detail, 5},
    Row{"optionalinformation", detail, 3},
    Row{"note", detail, 6},
    Row{"service", detail, 4},
    Row{"classificationidentifier", detail, 2},
    Row{"title", detail, 6},
    Row{"message", detail, 7},
    Row{"virusname", detail},
    Row{"details", detail, 5},
    Row{"info", detail, 5},
    Row{"count", count},
    Row{"hits", count},
    Row{"occurrences", count},
    Row{"packets", count, 4},
    Row{"events", count, 2},
    Row{"attacks", count, 2},
    Row{"eventcount", count},
    Row{"conncount", count, 2},
    Row{"sha1", fingerprint, 2},
    Row{"sha256", fingerprint, 1},
    Row{"md5", fingerprint, 3},
    Row{"md5hash", fingerprint, 3},
    Row{"sha256hash", fingerprint, 1},
    Row{"hash", fingerprint, 2},
    Row{"malwarehashsha256", fingerprint, 1},
    Row{"certsha1", fingerprint},
};

}  // namespace

std::string plain_name(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
    if (c >= 'A' && c <= 'Z') out += static_cast<char>(c + 32);
  }
  return out;
}

std::optional<ColumnName> column_of(std::string_view plain) {
  static const auto sorted = [] {
    std::vector<Row> out(std::begin(kNames), std::end(kNames));
    std::ranges::sort(out, {}, &Row::name);
    return out;
  }();
  const auto find = [&](std::string_view name) -> const Row* {
    const auto place = std::ranges::lower_bound(sorted, name, {}, &Row::name);
    return place != sorted.end() && place->name == name ? &*place : nullptr;
  };
  bool utc = false;
  if (const Row* row = find(plain)) return ColumnName{row->column, row->rank, plain.find("utc") != plain.npos};
  for (const std::string_view zone : {"utc", "gmt"}) {
    if (!plain.ends_with(zone) || plain.size() <= zone.size()) continue;
    plain.remove_suffix(zone.size());
    utc = true;
    break;
  }
  const Row* row = utc ? find(plain) : nullptr;
  return row == nullptr ? std::nullopt : std::optional{ColumnName{row->column, row->rank, true}};
}

}  // namespace abate::reading
