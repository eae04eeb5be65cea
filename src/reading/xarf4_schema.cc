// SPDX-License-Identifier: Apache-2.0
// The types of XARF v4.2, what each asks for, and the words that its fields may hold. Facts of the published schema.
#include "reading/xarf4_schema.h"

#include <array>

namespace abate::reading {
namespace {

// Fields that content/* asks for besides stand in kXarf4ContentRequired.
constexpr std::array kTypes{
    XarfType{"connection/ddos", "first_seen protocol"},
    XarfType{"connection/infected_host", "bot_type first_seen protocol"},
    XarfType{"connection/login_attack", "first_seen protocol"},
    XarfType{"connection/port_scan", "first_seen protocol"},
    XarfType{"connection/reconnaissance", "first_seen probed_resources protocol"},
    XarfType{"connection/scraping", "first_seen protocol total_requests"},
    XarfType{"connection/sql_injection", "first_seen protocol"},
    XarfType{"connection/vulnerability_scan", "first_seen protocol scan_type"},
    XarfType{"content/brand_infringement", "infringement_type legitimate_site"},
    XarfType{"content/csam", "classification detection_method"},
    XarfType{"content/csem", "detection_method exploitation_type"},
    XarfType{"content/exposed_data", "data_types exposure_method"},
    XarfType{"content/fraud", "fraud_type"},
    XarfType{"content/malware", ""},
    XarfType{"content/phishing", ""},
    XarfType{"content/remote_compromise", "compromise_type"},
    XarfType{"content/suspicious_registration", "registration_date suspicious_indicators"},
    XarfType{"copyright/copyright", "infringing_url"},
    XarfType{"copyright/cyberlocker", "hosting_service infringing_url"},
    XarfType{"copyright/link_site", "infringing_url site_name"},
    XarfType{"copyright/p2p", "p2p_protocol"},
    XarfType{"copyright/ugc_platform", "infringing_url platform_name"},
    XarfType{"copyright/usenet", "newsgroup"},
    XarfType{"infrastructure/botnet", "compromise_evidence"},
    XarfType{"infrastructure/compromised_server", "compromise_method"},
    XarfType{"messaging/bulk_messaging", "protocol recipient_count"},
    XarfType{"messaging/spam", "protocol"},
    XarfType{"reputation/blocklist", "threat_type"},
    XarfType{"reputation/threat_intelligence", "threat_type"},
    XarfType{"vulnerability/cve", "cve_id service service_port"},
    XarfType{"vulnerability/misconfiguration", "service"},
    XarfType{"vulnerability/open_service", "service"},
};

constexpr std::array kWords{
    XarfWords{"connection/ddos", "evidence_source",
              "firewall_logs ids_detection flow_analysis traffic_monitoring honeypot"},
    XarfWords{"connection/ddos", "protocol", "tcp udp icmp sctp"},
    XarfWords{"connection/ddos", "service_impact", "none degraded unavailable"},
    XarfWords{"connection/infected_host", "protocol", "tcp udp"},
    XarfWords{"connection/infected_host", "bot_type",
              "search_engine ai_agent monitoring seo_analyzer link_checker feed_reader social_media "
              "advertising malicious unknown"},
    XarfWords{"connection/infected_host", "behavior_pattern",
              "legitimate_crawling aggressive_crawling api_abuse form_submission comment_spam "
              "account_creation content_harvesting vulnerability_probing mixed"},
    XarfWords{"connection/infected_host", "verification_status", "verified unverified spoofed unknown"},
    XarfWords{"connection/login_attack", "protocol", "tcp udp icmp sctp"},
    XarfWords{"connection/port_scan", "protocol", "tcp udp icmp sctp"},
    XarfWords{"connection/reconnaissance", "protocol", "tcp udp"},
    XarfWords{"connection/reconnaissance", "resource_categories",
              "environment_files version_control configuration_files backup_files admin_panels database_files "
              "log_files credential_files api_endpoints debug_endpoints other"},
    XarfWords{"connection/reconnaissance", "http_methods", "GET POST HEAD OPTIONS PUT DELETE TRACE CONNECT"},
    XarfWords{"connection/scraping", "protocol", "tcp udp"},
    XarfWords{"connection/scraping", "scraping_pattern",
              "sequential random targeted sitemap_following api_harvesting deep_crawling breadth_first "
              "depth_first"},
    XarfWords{"connection/scraping", "target_content",
              "product_data pricing_information user_profiles contact_information news_articles images "
              "documents api_data search_results general_content other"},
    XarfWords{"connection/sql_injection", "protocol", "tcp udp"},
    XarfWords{"connection/sql_injection", "http_method", "GET POST PUT DELETE PATCH HEAD OPTIONS"},
    XarfWords{"connection/sql_injection", "injection_point",
              "query_parameter post_body cookie header path json_parameter"},
    XarfWords{"connection/sql_injection", "attack_technique",
              "union_based error_based boolean_blind time_blind stacked_queries out_of_band second_order "
              "other"},
    XarfWords{"connection/vulnerability_scan", "scan_type",
              "port_scan vulnerability_scan version_detection os_fingerprinting service_enumeration "
              "web_vuln_scan directory_brute_force mixed"},
    XarfWords{"connection/vulnerability_scan", "protocol", "tcp udp icmp mixed"},
    XarfWords{"content/brand_infringement", "infringement_type",
              "counterfeit typosquatting lookalike homograph unauthorized_reseller trademark_violation "
              "brand_impersonation logo_misuse other"},
    XarfWords{"content/brand_infringement", "infringing_elements",
              "logo brand_name tagline color_scheme layout product_images domain_name other"},
    XarfWords{"content/csam", "classification", "baseline A1 A2 B1 B2"},
    XarfWords{"content/csam", "media_type", "image video audio text mixed"},
    XarfWords{"content/csam", "detection_method", "hash_match ai_detection manual_review user_report automated_scan"},
    XarfWords{"content/csem", "exploitation_type",
              "grooming solicitation sextortion trafficking distribution production possession"},
    XarfWords{"content/csem", "victim_age_range", "infant toddler prepubescent pubescent unknown"},
    XarfWords{"content/csem", "platform", "social_media messaging_app gaming_platform forum email darkweb other"},
    XarfWords{"content/csem", "detection_method",
              "behavioral_analysis keyword_detection user_report ai_detection manual_review "
              "law_enforcement_referral"},
    XarfWords{"content/csem", "evidence_type", "chat_logs images videos user_profile metadata"},
    XarfWords{"content/csem", "reporting_obligations",
              "NCMEC IWF local_law_enforcement europol interpol platform_safety_team other"},
    XarfWords{"content/exposed_data", "data_types",
              "personal_information credentials financial medical government_id email_addresses phone_numbers "
              "api_keys database_dumps source_code internal_documents customer_data employee_data "
              "intellectual_property other"},
    XarfWords{"content/exposed_data", "exposure_method",
              "misconfigured_server open_directory database_exposure git_repository backup_file log_file "
              "cloud_storage paste_site forum_post ransomware_leak intentional_leak other"},
    XarfWords{"content/exposed_data", "data_format", "plaintext csv json xml sql excel pdf mixed other"},
    XarfWords{"content/exposed_data", "encryption_status", "unencrypted encrypted partially_encrypted hashed unknown"},
    XarfWords{"content/exposed_data", "accessibility",
              "public requires_authentication requires_payment dark_web removed"},
    XarfWords{"content/exposed_data", "discovery_source",
              "security_researcher automated_scan breach_monitoring user_report law_enforcement "
              "threat_intelligence other"},
    XarfWords{"content/fraud", "fraud_type",
              "investment romance tech_support lottery advance_fee cryptocurrency shopping charity employment "
              "government_impersonation other"},
    XarfWords{"content/fraud", "payment_methods",
              "credit_card bank_transfer cryptocurrency gift_cards wire_transfer paypal western_union "
              "moneygram cashapp venmo other"},
    XarfWords{"content/malware", "malware_type",
              "trojan ransomware dropper loader backdoor rootkit infostealer banking_trojan cryptominer "
              "adware spyware worm bot rat other"},
    XarfWords{"content/malware", "distribution_method",
              "direct_download drive_by_download email_attachment malvertising exploit_kit watering_hole "
              "supply_chain social_engineering other"},
    XarfWords{"content/malware", "persistence_mechanism",
              "registry scheduled_task service startup_folder dll_hijacking wmi other"},
    XarfWords{"content/malware", "targeted_platforms", "windows linux macos android ios multi_platform"},
    XarfWords{"content/phishing", "detection_evasion",
              "geo_blocking user_agent_filtering referrer_checking captcha time_based_display ip_blacklisting "
              "obfuscation other"},
    XarfWords{"content/phishing", "lure_type",
              "account_suspension security_alert payment_issue prize_notification document_share "
              "password_reset shipping_notification tax_refund other"},
    XarfWords{"content/remote_compromise", "compromise_type",
              "webshell backdoor defacement malicious_redirect seo_spam cryptominer phishing_kit malware_host "
              "c2_server proxy scanner other"},
    XarfWords{"content/remote_compromise", "affected_cms",
              "wordpress joomla drupal magento prestashop opencart custom unknown other"},
    XarfWords{"content/remote_compromise", "persistence_mechanisms",
              "cron_job modified_core_files hidden_admin_account autoload_backdoor htaccess_modification "
              "database_backdoor other"},
    XarfWords{"content/remote_compromise", "malicious_activities",
              "spam_sending ddos_attacks cryptocurrency_mining data_exfiltration lateral_movement "
              "hosting_malware hosting_phishing scanning other"},
    XarfWords{"content/remote_compromise", "cleanup_status",
              "not_cleaned partially_cleaned cleaned reinfected unknown"},
    XarfWords{"content/suspicious_registration", "suspicious_indicators",
              "typosquatting homograph_attack brand_keyword suspicious_tld bulk_registration "
              "privacy_protection suspicious_registrant fast_flux dga_pattern known_bad_nameserver "
              "suspicious_ssl_cert immediate_activation parked_page other"},
    XarfWords{"content/suspicious_registration", "predicted_usage",
              "phishing malware spam fraud brand_abuse botnet_c2 unknown"},
    XarfWords{"copyright/copyright", "infringement_type", "direct_copy modified_copy streaming download distribution"},
    XarfWords{"copyright/cyberlocker", "evidence_source",
              "automated_crawl manual_discovery user_report rights_holder search_engine"},
    XarfWords{"copyright/cyberlocker", "work_category",
              "movie tv_show music software ebook audiobook game document other"},
    XarfWords{"copyright/cyberlocker", "access_method",
              "direct_link password_protected premium_only time_limited captcha_protected"},
    XarfWords{"copyright/link_site", "evidence_source",
              "automated_crawl manual_monitoring user_report rights_holder search_monitoring"},
    XarfWords{"copyright/link_site", "site_category",
              "torrent_index direct_download_links streaming_links usenet_index search_engine forum_links "
              "other"},
    XarfWords{"copyright/link_site", "work_category",
              "movie tv_show music software ebook audiobook game adult_content other"},
    XarfWords{"copyright/p2p", "evidence_source",
              "automated_crawl manual_monitoring user_report rights_holder watermark_detection"},
    XarfWords{"copyright/p2p", "p2p_protocol", "bittorrent edonkey gnutella kademlia other"},
    XarfWords{"copyright/p2p", "work_category", "movie tv_show music software ebook audiobook game other"},
    XarfWords{"copyright/p2p", "detection_method", "automated_crawl fingerprinting metadata_match manual_verification"},
    XarfWords{"copyright/ugc_platform", "evidence_source",
              "automated_detection user_report rights_holder content_id_match fingerprint_match manual_review"},
    XarfWords{"copyright/ugc_platform", "work_category",
              "movie tv_show music music_video audiobook podcast live_performance sports_event documentary "
              "other"},
    XarfWords{"copyright/ugc_platform", "infringement_type",
              "full_work substantial_portion compilation remix_unauthorized background_music clip_mashup"},
    XarfWords{"copyright/usenet", "evidence_source",
              "automated_monitoring newsgroup_crawl user_report rights_holder nzb_index_monitoring"},
    XarfWords{"copyright/usenet", "work_category",
              "movie tv_show music software ebook audiobook magazine game adult_content other"},
    XarfWords{"copyright/usenet", "detection_method",
              "subject_line_match header_analysis content_sampling nzb_metadata"},
    XarfWords{"infrastructure/botnet", "c2_protocol", "http https tcp udp dns irc p2p custom"},
    XarfWords{"infrastructure/botnet", "bot_capabilities",
              "ddos spam proxy keylogger file_download remote_shell cryptocurrency_mining data_theft"},
    XarfWords{"messaging/bulk_messaging", "evidence_source",
              "user_complaint automated_filter reputation_feed volume_analysis"},
    XarfWords{"messaging/bulk_messaging", "protocol",
              "smtp sms whatsapp telegram social_media push_notification other"},
    XarfWords{"messaging/spam", "evidence_source",
              "spamtrap user_complaint automated_filter honeypot content_analysis reputation_feed"},
    XarfWords{"messaging/spam", "protocol",
              "smtp sms whatsapp telegram signal chat social_media push_notification other"},
    XarfWords{"vulnerability/cve", "evidence_source",
              "vulnerability_scan researcher_analysis automated_discovery penetration_testing"},
    XarfWords{"vulnerability/cve", "cvss_version", "2.0 3.0 3.1"},
    XarfWords{"vulnerability/cve", "risk_level", "info low medium high critical"},
    XarfWords{"vulnerability/cve", "severity", "informational low medium high critical"},
    XarfWords{"vulnerability/cve", "exploitability", "theoretical poc_available functional weaponized"},
    XarfWords{"vulnerability/cve", "remediation_priority", "low medium high critical emergency"},
    XarfWords{"content/", "verification_method", "manual automated_crawler user_report honeypot threat_intelligence"},
    XarfWords{"content/", "attack_vector",
              "phishing malware fraud brand_infringement copyright_infringement data_leak remote_compromise "
              "suspicious_registration"},
};

struct Alias {
  std::string_view old_name;
  std::string_view type;
};
// Names of drafts and of programs in the field.
constexpr std::array kAliases{
    Alias{"connection/auth_failure", "connection/login_attack"},
    Alias{"connection/brute_force", "connection/login_attack"},
    Alias{"connection/bruteforce", "connection/login_attack"},
    Alias{"connection/ip_spoof", "connection/ddos"},
    Alias{"connection/ip_spoofing", "connection/ddos"},
    Alias{"connection/dos", "connection/ddos"},
    Alias{"connection/scan", "connection/port_scan"},
    Alias{"connection/bot", "connection/infected_host"},
    Alias{"content/phishing_site", "content/phishing"},
    Alias{"content/malware_distribution", "content/malware"},
    Alias{"content/spamvertised", "messaging/spam"},
    Alias{"content/web_hack", "infrastructure/compromised_server"},
    Alias{"content/data_leak", "content/exposed_data"},
    Alias{"content/copyright", "copyright/copyright"},
    Alias{"content/child_abuse", "content/csam"},
    Alias{"infrastructure/bot", "infrastructure/botnet"},
    Alias{"infrastructure/c2", "infrastructure/botnet"},
    Alias{"infrastructure/compromised_account", "infrastructure/compromised_server"},
    Alias{"infrastructure/open_proxy", "vulnerability/open_service"},
    Alias{"messaging/social_engineering", "messaging/spam"},
    Alias{"messaging/bulk", "messaging/bulk_messaging"},
    Alias{"messaging/unsolicited", "messaging/spam"},
    Alias{"reputation/blacklist", "reputation/blocklist"},
    Alias{"vulnerability/open", "vulnerability/open_service"},
    Alias{"vulnerability/outdated_dnssec", "vulnerability/misconfiguration"},
    Alias{"vulnerability/ssl_freak", "vulnerability/misconfiguration"},
    Alias{"vulnerability/ssl_poodle", "vulnerability/misconfiguration"},
};

}  // namespace

std::span<const XarfType> xarf4_types() { return kTypes; }
std::span<const XarfWords> xarf4_words() { return kWords; }

const XarfType* find_xarf4_type(std::string_view type) {
  for (const XarfType& known : kTypes)
    if (known.type == type) return &known;
  return nullptr;
}

std::string_view current_xarf4_name(std::string_view type) {
  for (const Alias& alias : kAliases)
    if (alias.old_name == type) return alias.type;
  return type;
}

}  // namespace abate::reading
