// SPDX-License-Identifier: Apache-2.0
// Reports of the Shadowserver Foundation, type by type, with the columns that each has (made-up rows): whose they are
// and of what kind; named as the files are, and not; plain, zipped and gzipped; with the columns of before 2023 too.
#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

#include "base/hash.h"
#include "base/text.h"
#include "reading/read.h"

namespace abate::reading {
namespace {

enum class Shape { scan, event, drone };  // whose first columns it shares

struct ReportType {
  std::string_view name;
  Shape shape;
  std::string_view columns;  // its own, behind those that it shares
  std::string_view type;     // what it must be read as
  Category category = Category::other;
  std::string_view tag = {};  // what stands in the column "tag", else the name's last word
};

constexpr std::string_view kOpen = "vulnerability/open_service";
constexpr std::string_view kCve = "vulnerability/cve";
constexpr std::string_view kBot = "infrastructure/botnet";
constexpr std::string_view kLogin = "connection/login_attack";
constexpr std::string_view kDdos = "connection/ddos";
constexpr std::string_view kHoles = "connection/vulnerability_scan";
constexpr std::string_view kScan = "connection/port_scan";
constexpr std::string_view kHacked = "infrastructure/compromised_server";

const ReportType kTypes[] = {
    {"scan_adb", Shape::scan, "name,model,device,features", kOpen},
    {"scan_afp", Shape::scan, "machine_type,afp_versions,uams,server_name", kOpen},
    {"scan_amqp", Shape::scan, "channel,message_length,class,method,version_major,product", kOpen},
    {"scan_ard", Shape::scan, "machine_name,response_size", kOpen},
    {"scan_bgp", Shape::scan, "message_length,bgp_version,sender_asn", kOpen},
    {"scan_chargen", Shape::scan, "size,amplification", kOpen},
    {"scan_cisco_smart_install", Shape::scan, "", kOpen},
    {"scan_coap", Shape::scan, "version,response", kOpen},
    {"scan_couchdb", Shape::scan, "server_version,couchdb_message,vendor,visible_databases", kOpen},
    {"scan_cwmp", Shape::scan, "http,http_code,http_reason,content_type,server,date", kOpen},
    {"scan_db2", Shape::scan, "db2_hostname,servername,size,amplification", kOpen},
    {"scan_ddos_middlebox", Shape::scan, "source_port,bytes,amplification,method", kOpen},
    {"scan_dns", Shape::scan, "min_amplification,dns_version,p0f_genre", kOpen, Category::other, "openresolver"},
    {"scan_docker", Shape::scan, "http,http_code,server,date,version,api_version", kOpen},
    {"scan_dvr_dhcpdiscover", Shape::scan, "video_input_channels,alarm_input_channels,device_vendor", kOpen},
    {"scan_elasticsearch", Shape::scan, "version,ok,name,cluster_name,status", kOpen},
    {"scan_epmd", Shape::scan, "nodes", kOpen},
    {"scan_exchange", Shape::scan, "servername,url", kCve, Category::other, "exchange;cve-2026-0001"},
    {"scan_ftp", Shape::scan, "banner,handshake,cipher_suite,cert_length,subject_common_name", kOpen},
    {"scan_hadoop", Shape::scan, "version,server_type,clusterid,total_disk", kOpen},
    {"scan_http", Shape::scan, "http,http_code,http_reason,content_type,server,date", kOpen},
    {"scan_http_proxy", Shape::scan, "http,http_code,http_reason,via,proxy_authenticate", kOpen, Category::proxy},
    {"scan_http_vulnerable", Shape::scan, "http,http_code,http_reason,content_type,version", kCve, Category::other,
     "cve-2026-0002"},
    {"scan_ics", Shape::scan, "device_vendor,device_type,device_model", kOpen, Category::other, "modbus"},
    {"scan_ipmi", Shape::scan, "ipmi_version,none_auth,md2_auth,md5_auth,passkey_auth", kOpen},
    {"scan_ipp", Shape::scan, "ipp_version,cups_version,printer_uris,printer_name", kOpen},
    {"scan_isakmp", Shape::scan, "initiator_spi,responder_spi,next_payload,exchange_type", kOpen},
    {"scan_kubernetes", Shape::scan, "http,http_code,server,date,major,minor,git_version", kOpen},
    {"scan_ldap_tcp", Shape::scan, "size,configuration_naming_context,current_time,dns_host_name", kOpen},
    {"scan_ldap_udp", Shape::scan, "size,configuration_naming_context,current_time,dns_host_name", kOpen},
    {"scan_loop_dos", Shape::scan, "service_name", kOpen, Category::other, "ntp"},
    {"scan_mdns", Shape::scan, "mdns_name,mdns_ipv4,services,workstation", kOpen},
    {"scan_memcached", Shape::scan, "version,pid,pointer_size,uptime,amplification", kOpen},
    {"scan_mongodb", Shape::scan, "version,gitversion,sysinfo,opensslversion,ok,visible_databases", kOpen},
    {"scan_mqtt", Shape::scan, "anonymous_access,raw_response,hex_code,code", kOpen},
    {"scan_mqtt_anon", Shape::scan, "anonymous_access,raw_response,hex_code,code", kOpen},
    {"scan_msmq", Shape::scan, "device_vendor,response_length", kOpen},
    {"scan_mssql", Shape::scan, "version,server_name,instance_name,tcp_port,amplification", kOpen},
    {"scan_mysql", Shape::scan, "mysql_protocol_version,server_version,error_code,auth_plugin_name", kOpen},
    {"scan_nat_pmp", Shape::scan, "version,opcode,uptime,external_ip", kOpen},
    {"scan_netbios", Shape::scan, "mac_address,workgroup,machine_name,username", kOpen},
    {"scan_netis_router", Shape::scan, "response", kOpen},
    {"scan_ntp", Shape::scan, "version,clk_wander,clock,error,frequency,jitter,leap", kOpen},
    {"scan_ntpmonitor", Shape::scan, "packets,size", kOpen},
    {"scan_portmapper", Shape::scan, "programs,mountd_port,exports", kOpen},
    {"scan_post_exploitation_framework", Shape::scan, "http_code,server,beacon_host", kBot, Category::malware},
    {"scan_postgres", Shape::scan, "version,supported_protocols,protocol_error_code", kOpen},
    {"scan_qotd", Shape::scan, "quote,amplification", kOpen},
    {"scan_quic", Shape::scan, "version_field_1,version_field_2", kOpen},
    {"scan_radmin", Shape::scan, "version", kOpen},
    {"scan_rdp", Shape::scan, "rdp_protocol,cert_length,subject_common_name,sha1_fingerprint", kOpen},
    {"scan_rdpeudp", Shape::scan, "sessionid,amplification", kOpen},
    {"scan_redis", Shape::scan, "version,git_sha1,mode,os,architecture,uptime", kOpen},
    {"scan_rsync", Shape::scan, "module,motd,password", kOpen},
    {"scan_sip", Shape::scan, "sip,sip_code,sip_reason,user_agent,sip_via", kOpen},
    {"scan_slp", Shape::scan, "version,function,function_text", kOpen},
    {"scan_smb", Shape::scan, "smb_implant,arch,key,smbv1_support,smb_version_string", kOpen},
    {"scan_smtp", Shape::scan, "banner", kOpen},
    {"scan_smtp_vulnerable", Shape::scan, "banner", kCve, Category::other, "smtp;cve-2026-0003"},
    {"scan_snmp", Shape::scan, "sysdesc,sysname,version,community", kOpen},
    {"scan_socks", Shape::scan, "", kOpen, Category::proxy, "socks5"},
    {"scan_ssdp", Shape::scan, "header,systime,cache_control,location,server", kOpen},
    {"scan_ssh", Shape::scan, "serverid_raw,serverid_version,algorithm,available_kex", kOpen},
    {"scan_ssl", Shape::scan, "handshake,cipher_suite,cert_length,subject_common_name", kOpen},
    {"scan_ssl_freak", Shape::scan, "handshake,cipher_suite,freak_vulnerable,subject_common_name", kCve},
    {"scan_ssl_poodle", Shape::scan, "handshake,cipher_suite,ssl_poodle,subject_common_name", kCve},
    {"scan_stun", Shape::scan, "transaction_id,magic_cookie,mapped_port", kOpen},
    {"scan_synfulknock", Shape::scan, "sequence_number,ack_number,window_size", kHacked},
    {"scan_telnet", Shape::scan, "banner", kOpen},
    {"scan_tftp", Shape::scan, "opcode,errorcode,errormessage,size", kOpen},
    {"scan_ubiquiti", Shape::scan, "mac,radioname,essid,modelshort,firmwarerev", kOpen},
    {"scan_vnc", Shape::scan, "product,banner", kOpen},
    {"scan_ws_discovery", Shape::scan, "response,amplification", kOpen},
    {"scan_xdmcp", Shape::scan, "opcode,reported_hostname,status,size", kOpen},
    {"scan_zookeeper", Shape::scan, "version,client_connections,latency", kOpen},
    {"scan6_dns", Shape::scan, "min_amplification,dns_version", kOpen, Category::other, "openresolver"},
    {"scan6_ssh", Shape::scan, "serverid_raw,serverid_version,algorithm", kOpen},
    {"scan6_telnet", Shape::scan, "banner", kOpen},
    {"scan6_http_vulnerable", Shape::scan, "http,http_code,version", kCve, Category::other, "cve-2026-0002"},
    {"device_id", Shape::scan, "device_vendor,device_type,device_model", kOpen, Category::other, "http"},
    {"event4_sinkhole", Shape::event, "", kBot, Category::malware},
    {"event4_sinkhole_dns", Shape::event, "query_type,query,count,dns_query", kBot, Category::malware},
    {"event4_sinkhole_http", Shape::event, "http_url,http_host,http_agent,forwarded_by,ssl_cipher", kBot,
     Category::malware},
    {"event4_microsoft_sinkhole", Shape::event, "", kBot, Category::malware},
    {"event4_microsoft_sinkhole_http", Shape::event, "http_url,http_host,http_agent,forwarded_by", kBot,
     Category::malware},
    {"event6_sinkhole_http", Shape::event, "http_url,http_host,http_agent,forwarded_by", kBot, Category::malware},
    {"event4_honeypot_brute_force", Shape::event,
     "service,start_time,end_time,client_version,username,password,payload_url,payload_md5", kLogin},
    {"event4_honeypot_darknet", Shape::event, "count", kScan},
    {"event4_honeypot_ddos", Shape::event, "domain_source,public_source,attack,duration,avg_pps,max_pps", kDdos,
     Category::ddos},
    {"event4_honeypot_ddos_amp", Shape::event, "request,count,bytes,end_time,duration,avg_pps,max_pps", kDdos,
     Category::ddos},
    {"event4_honeypot_http_scan", Shape::event,
     "pattern,http_url,http_agent,http_request_method,url_scheme,session_tags,vulnerability_enum,vulnerability_id",
     kHoles},
    {"event4_honeypot_ics_scan", Shape::event, "state,sensor_id,slave_id,function_code,request,response", kScan},
    {"event4_honeypot_rdp_scan", Shape::event, "session_id,count", kScan},
    {"event4_honeypot_smb_scan", Shape::event, "session_id,count", kScan},
    {"event4_honeypot_adb_scan", Shape::event, "session_id,count", kScan},
    {"event4_ddos_participant", Shape::event, "application,number_of_connections,duration,max_pps", kDdos,
     Category::ddos},
    {"event4_ip_spoofer", Shape::event, "network,routed_spoof,session,nat", "vulnerability/misconfiguration"},
    {"botnet_drone", Shape::drone, "type,infection,url,agent,cc_ip,cc_port,cc_asn,cc_geo,cc_dns,count,proxy", kBot,
     Category::malware},
    {"sinkhole_http_drone", Shape::drone, "type,url,http_agent,infection,http_referer", kBot, Category::malware},
    {"sinkhole6_http", Shape::drone, "http_agent,infection,url,http_host", kBot, Category::malware},
    {"microsoft_sinkhole", Shape::drone, "type,http_agent,infection,url", kBot, Category::malware},
    {"drone_brute_force", Shape::drone, "service,start_time,end_time,client_version", kLogin},
    {"compromised_website", Shape::drone, "tag,category,system,detected_since,server,redirect_target,url,http_host",
     kHacked},
    {"blocklist", Shape::drone, "source,reason", "reputation/blocklist"},
    {"malware_url", Shape::drone, "url,host,sha256,application", "content/malware", Category::malware},
    {"phishing_url", Shape::drone, "tag,url,host", "content/phishing", Category::phishing},
    {"spam_url", Shape::drone, "url,subject,src", "messaging/spam", Category::spam},
    {"caida_ip_spoofer", Shape::drone, "network,routed_spoof,session,nat", "vulnerability/misconfiguration"},
    {"darknet", Shape::drone, "type,dst_ip,dst_port,dst_asn,dst_geo,count", kScan},
    {"dns_openresolver", Shape::drone, "min_amplification,dns_version", kOpen},
    {"proxy", Shape::drone, "type,password,relay", kOpen, Category::proxy},
};

std::string value_of(std::string_view column, const ReportType& type) {
  if (column == "timestamp") return "2026-10-09 08:00:00";
  if (column == "ip" || column == "src_ip") return type.name.find('6') == type.name.npos ? "192.0.2.7" : "2001:db8::7";
  if (column == "dst_ip" || column == "cc_ip") return "198.51.100.5";
  if (column == "port") return "4711";
  if (column == "src_port" || column == "source_port") return "4711";
  if (column == "dst_port" || column == "cc_port") return "8080";
  if (column == "protocol") return "tcp";
  if (column.ends_with("asn")) return "64500";
  if (column.ends_with("geo")) return "ZZ";
  if (column == "hostname") return "host.example.net";
  if (column == "tag") return std::string(type.tag.empty() ? type.name.substr(type.name.rfind('_') + 1) : type.tag);
  if (column == "url") return type.shape == Shape::scan ? "" : "http://pages.example.net/a";
  if (column == "http_url") return "/gate.php";
  if (column == "host" || column == "http_host") return "pages.example.net";
  if (column == "infection" || column == "family") return type.shape == Shape::drone ? "testfamily" : "";
  if (column == "severity") return "medium";
  if (column == "routed_spoof") return "received";
  if (column == "freak_vulnerable" || column == "ssl_poodle") return "Y";
  if (column == "count") return "3";
  return column == "external_ip" || column == "mdns_ipv4" ? "" : "x";
}

std::string table_of(const ReportType& type, bool before_2023) {
  std::string columns;
  switch (type.shape) {
    case Shape::scan:
      columns = before_2023
                    ? "timestamp,ip,protocol,port,hostname,tag,asn,geo,region,city,naics,sic"
                    : "timestamp,severity,ip,protocol,port,hostname,tag,asn,geo,region,city,naics,hostname_source";
      break;
    case Shape::event:
      columns = fmt::format(
          "timestamp,{}protocol,src_ip,src_port,src_asn,src_geo,src_region,src_city,src_hostname,src_naics,device_"
          "vendor,"
          "device_type,device_model,dst_ip,dst_port,dst_asn,dst_geo,public_source,infection,family,tag,application,"
          "version,"
          "event_id",
          before_2023 ? "" : "severity,");
      break;
    case Shape::drone: columns = "timestamp,ip,port,asn,geo,region,city,hostname"; break;
  }
  if (!type.columns.empty()) columns += fmt::format(",{}", type.columns);
  std::string header, row;
  for (const std::string_view column : split(columns, ',')) {
    header += (header.empty() ? "\"" : ",\"") + std::string(column) + "\"";
    row += (row.empty() ? "\"" : ",\"") + value_of(column, type) + "\"";
  }
  return header + "\n" + row + "\n";
}

std::string packed(std::string_view name, std::string_view text, bool zip) {
  std::string out(text.size() + 4'096, '\0');
  std::size_t used = 0;
  archive* writer = archive_write_new();
  if (zip) {
    archive_write_set_format_zip(writer);
  } else {
    archive_write_set_format_raw(writer);
    archive_write_add_filter_gzip(writer);
  }
  archive_write_open_memory(writer, out.data(), out.size(), &used);
  archive_entry* entry = archive_entry_new();
  archive_entry_set_pathname(entry, std::string(name).c_str());
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_entry_set_size(entry, static_cast<la_int64_t>(text.size()));
  archive_write_header(writer, entry);
  archive_write_data(writer, text.data(), text.size());
  archive_entry_free(entry);
  archive_write_free(writer);
  out.resize(used);
  return out;
}

std::string mail_of(std::string_view file, std::string_view type, std::string_view bytes) {
  std::string base64 = base64_encode(bytes);
  for (std::size_t at = 76; at < base64.size(); at += 77) base64.insert(at, "\n");
  return fmt::format(
      "From: autoreports@reporter.example\nTo: abuse@hoster.example\nSubject: report for 64500\nMIME-Version: 1.0\n"
      "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nPlease see the file.\n--b\n"
      "Content-Type: {}; name=\"{}\"\nContent-Disposition: attachment; filename=\"{}\"\n"
      "Content-Transfer-Encoding: base64\n\n{}\n--b--\n",
      type, file, file, base64);
}

void expect_read(const Reading& reading, const ReportType& type) {
  ASSERT_EQ(reading.format, "table");
  ASSERT_EQ(reading.incidents.size(), 1U);
  const Incident& one = reading.incidents[0];
  EXPECT_EQ(one.type, type.type);
  EXPECT_EQ(category_name(one.category), category_name(type.category));
  ASSERT_TRUE(one.source_ip);
  EXPECT_EQ(one.source_ip->to_string(), value_of("ip", type)) << "not the sinkhole, the honeypot or the controller";
  EXPECT_EQ(one.source_port, 4711);
  ASSERT_TRUE(one.started_at) << "Shadowserver's times are UTC";
  EXPECT_EQ(format_rfc3339(*one.started_at), "2026-10-09T08:00:00Z");
}

TEST(Shadowserver, types_are_told_by_file_name_and_columns) {
  for (const ReportType& type : kTypes)
    for (const bool before_2023 : {false, true}) {
      SCOPED_TRACE(fmt::format("{}{}", type.name, before_2023 ? ", the columns of before 2023" : ""));
      const std::string file = fmt::format("2026-10-09-{}-example.csv", type.name);
      expect_read(read_report(mail_of(file, "text/csv", table_of(type, before_2023)), "message/rfc822", ""), type);
    }
}

TEST(Shadowserver, types_are_the_same_zipped_and_gzipped) {
  for (const ReportType& type : kTypes) {
    SCOPED_TRACE(type.name);
    const std::string file = fmt::format("2026-10-09-{}-example.csv", type.name), table = table_of(type, false);
    expect_read(read_report(mail_of(file + ".zip", "application/zip", packed(file, table, true)), "message/rfc822", ""),
                type);
    expect_read(
        read_report(mail_of(file + ".gz", "application/gzip", packed(file, table, false)), "message/rfc822", ""), type);
  }
}

TEST(Shadowserver, columns_in_a_list_of_scanners_of_somebody_else_are_scanners) {
  for (const char* name : {"portscan.csv", "2026-10-09_port_scan_sources.csv", "scanners.csv"}) {
    const Reading reading = read_report(
        mail_of(name, "text/csv", "timestamp,ip,port,asn,geo\n2026-10-09 08:00:00,192.0.2.7,4711,64500,ZZ\n"),
        "message/rfc822", "");
    ASSERT_EQ(reading.incidents.size(), 1U);
    EXPECT_EQ(reading.incidents[0].type, kScan) << name;
  }
}

// A file that lost its name says less; whom it blames and roughly why stays.
TEST(Shadowserver, types_without_a_name_blame_the_same_address) {
  for (const ReportType& type : kTypes) {
    SCOPED_TRACE(type.name);
    const Reading reading = read_report(table_of(type, false), "text/csv", "");
    ASSERT_EQ(reading.incidents.size(), 1U);
    ASSERT_TRUE(reading.incidents[0].source_ip);
    EXPECT_EQ(reading.incidents[0].source_ip->to_string(), value_of("ip", type));
  }
}

}  // namespace
}  // namespace abate::reading
