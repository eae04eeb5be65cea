// SPDX-License-Identifier: Apache-2.0
// Rules of Abate; see docs/rules.md. A test compiles them and holds them against honest files.
rule js_written_escapes {
  meta:
    description = "A script writes itself into the page out of escapes"
    severity = "suspicious"
    role = "injected"
    area = "web"
    false_positives = "old protection of pages against copying"
  strings:
    $a = /document\.write(ln)?[ \t]*\([ \t]*unescape[ \t]*\([ \t]*[\'"](%[0-9a-f]{2}){24,}/i
  condition:
    filesize < 2MB and
    $a
}

rule js_eval_char_codes {
  meta:
    description = "A script is spelled by character codes and run"
    severity = "malicious"
    role = "injected"
    area = "web"
    false_positives = "none known"
  strings:
    $a = /eval[ \t]*\([ \t]*String\.fromCharCode[ \t]*\([ \t]*(\d{1,3}[ \t]*,[ \t]*){20,}/i
  condition:
    filesize < 2MB and
    $a
}

rule js_spelled_script {
  meta:
    description = "Character codes spell a script that loads another"
    severity = "malicious"
    role = "injected"
    area = "web"
    false_positives = "none known"
  strings:
    $a = /String\.fromCharCode[ \t]*\([ \t]*(118, ?97, ?114, ?32|100, ?111, ?99, ?117, ?109, ?101, ?110, ?116, ?46|60, ?115, ?99, ?114, ?105, ?112, ?116|104, ?116, ?116, ?112, ?115?, ?58|40, ?102, ?117, ?110, ?99, ?116, ?105, ?111, ?110)/i
  condition:
    filesize < 2MB and
    $a
}

rule js_eval_base64 {
  meta:
    description = "A long base64 text is decoded and run as a script"
    severity = "malicious"
    role = "injected"
    area = "web"
    false_positives = "packed widgets of odd vendors"
  strings:
    $a = /(\beval|new[ \t]+Function)[ \t]*\([ \t]*(window\.)?atob[ \t]*\([ \t]*[\'"`][A-Za-z0-9+\/=]{60,}/i
  condition:
    filesize < 2MB and
    $a
}

rule js_hidden_script_source {
  meta:
    description = "The address of a script is hidden as base64"
    severity = "malicious"
    role = "injected"
    area = "web"
    false_positives = "none known"
  strings:
    $a = /\.src[ \t]*=[ \t]*(window\.)?atob[ \t]*\([ \t]*[\'"`](aHR0c|Ly9)/i
  condition:
    filesize < 2MB and
    $a
}

rule html_hidden_frame {
  meta:
    description = "A page of somebody else is loaded where nobody sees it"
    severity = "suspicious"
    role = "injected"
    area = "web"
    false_positives = "counters and advertising"
  strings:
    $a = /<iframe[^>]{0,120}(src=[\'"]?https?:\/\/[^>]{0,200}(width=[\'"]?[01](px)?[\'"]?[ \t]+height=[\'"]?[01]\b|visibility:[ \t]*hidden)|(width=[\'"]?[01](px)?[\'"]?[ \t]+height=[\'"]?[01][\'" \t][^>]{0,60})src=[\'"]?https?:\/\/)/i
    $g = "googletagmanager" nocase
    $h = "doubleclick" nocase
  condition:
    filesize < 2MB and
    $a and not $g and not $h
}

rule js_paste_and_run {
  meta:
    description = "Visitors are told to paste a command that was put into their clipboard"
    severity = "malicious"
    role = "injected"
    area = "web"
    false_positives = "none known"
  strings:
    $a = /(clipboard\.writeText|execCommand[ \t]*\([ \t]*[\'"]copy)/i
    $b = /(powershell(\.exe)?[ \t]+-|mshta(\.exe)?[ \t]+http|cmd(\.exe)?[ \t]+\/c)/i
    $c = /(Windows[^<]{0,30}\+[^<]{0,20}R\b|Ctrl[^<]{0,20}\+[^<]{0,20}V\b|not a robot)/i
  condition:
    filesize < 2MB and
    all of ($a, $b, $c)
}

rule js_card_skimmer {
  meta:
    description = "Card numbers typed at the checkout are sent elsewhere"
    severity = "suspicious"
    role = "injected"
    area = "web"
    false_positives = "payment modules"
  strings:
    $a = /(cc_number|cc-number|card_number|cardnumber|ccnum)/i
    $b = /(cc_cid|cvv|cvc)/i
    $c = /\batob[ \t]*\([ \t]*[\'"`](aHR0c|d3Nz|Ly9)/i
    $d = /(checkout|onepage|onestep)/i
  condition:
    filesize < 2MB and
    all of ($a, $b, $c, $d)
}

rule js_browser_miner {
  meta:
    description = "Visitors' browsers are made to mine coins"
    severity = "malicious"
    role = "miner"
    area = "web"
    false_positives = "none that asks first"
  strings:
    $a = /new[ \t]+(CoinHive|CRLT|deepMiner|Client|CoinImp|WMP|Webminepool)\.(Anonymous|User|Token)[ \t]*\([ \t]*[\'"][A-Za-z0-9_-]{8,}/i
    $b = /<script[^>]{1,80}(coinhive|coin-hive|cryptoloot|crypto-loot|webminepool|coinimp|jsecoin)[^>]{0,60}>/i
  condition:
    filesize < 2MB and
    any of them
}

rule js_escaped_table {
  meta:
    description = "A script whose texts are hidden in a table of escapes"
    severity = "note"
    role = "injected"
    area = "web"
    false_positives = "obfuscated commercial scripts: common"
  strings:
    $a = /(var|let|const)[ \t]+_0x[0-9a-f]{4,6}[ \t]*=[ \t]*\[[\'"](\\x[0-9a-f]{2}){3,}/i
  condition:
    filesize < 2MB and
    $a
}

rule seo_doorway {
  meta:
    description = "Search engines are shown another page, which is fetched from elsewhere"
    severity = "suspicious"
    role = "injected"
    area = "web"
    false_positives = "caches and translation plugins"
  strings:
    $open = "<?" private
    $a = /(preg_match|stripos|strpos|strstr|stristr)[ \t]*\([^;\n]{0,120}(googlebot|bingbot|yandexbot|slurp|baiduspider)/i
    $b = /HTTP_USER_AGENT/i
    $c = /(<\?(php|=)?|[;{}\n])[ \t\r\n@]*((echo|print|return|die|exit)[ \t(]+@?)?(echo[ \t]+|print[ \t]+|\$\w+[ \t]*=[ \t]*)@?(file_get_contents|curl_exec)[ \t]*\([ \t]*([\'"]https?:\/\/|\$)/i
    $d = /(HTTP_REFERER|HTTP_ACCEPT_LANGUAGE)/i
  condition:
    filesize < 60KB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    all of ($a, $b, $c, $d)
}

rule seo_hidden_links {
  meta:
    description = "Links for drugs, gambling or fakes that no visitor sees"
    severity = "suspicious"
    role = "injected"
    area = "web"
    false_positives = "none known"
  strings:
    $a = /<(div|span|p|ul)[^>]{0,80}(left:[ \t]*-\d{3,}|top:[ \t]*-\d{3,}|text-indent:[ \t]*-\d{3,}|display:[ \t]*none|font-size:[ \t]*0)[^>]{0,60}>[^<]{0,80}<a [^>]{0,160}>[^<]{0,60}(viagra|cialis|levitra|casino|payday|replica|rolex|porn|escort|slot gacor|judi|togel|poker online)/i
  condition:
    filesize < 2MB and
    $a
}

rule seo_gambling_page {
  meta:
    description = "A page stuffed with the words of gambling sites"
    severity = "suspicious"
    role = "injected"
    area = "web"
    false_positives = "sites about gambling"
  strings:
    $a = "slot gacor" nocase
    $b = "judi online" nocase
    $c = "situs togel" nocase
    $d = "link alternatif" nocase
    $e = "maxwin" nocase
    $h = /<(html|!doctype|title|head)/i
  condition:
    filesize < 2MB and
    $h and (#a + #b + #c + #d + #e > 12) and 2 of ($a, $b, $c, $d, $e)
}

rule defaced_title {
  meta:
    description = "The page says who broke into it"
    severity = "malicious"
    role = "injected"
    area = "web"
    false_positives = "news about break-ins have such words elsewhere"
  strings:
    $a = /<title>[^<]{0,60}\b(hacked|h4ck3d|h4cked|defaced|pwned|0wned|owned|touched|stamped)[ \t]+by\b/i
    $h = /<(html|!doctype|head|title)/i
  condition:
    filesize < 300KB and
    $h in (0..2000) and $a in (0..20000)
}

rule htaccess_pictures_run {
  meta:
    description = "Pictures or texts are run as PHP in this folder"
    severity = "malicious"
    role = "backdoor"
    area = "web"
    false_positives = "none known"
  strings:
    $a = /(^|\n)[ \t]*(AddType|AddHandler|SetHandler)[ \t]+(application\/x-httpd-php\d*|php\d?-script)[ \t][^\n]{0,60}\.?(jpe?g|png|gif|ico|txt|css|svg)\b/i
  condition:
    filesize < 60KB and
    $a
}

rule htaccess_search_visitors {
  meta:
    description = "Visitors who come from search engines are sent elsewhere"
    severity = "suspicious"
    role = "injected"
    area = "web"
    false_positives = "campaigns of the owner"
  strings:
    $a = /(^|\n)[ \t]*RewriteCond[ \t]+%\{HTTP_(REFERER|USER_AGENT)\}[ \t]+[^\n]{0,120}(google|bing|yahoo|yandex)[^\n]{0,400}(\n[ \t]*(RewriteCond|#)[^\n]{0,400}){0,12}\n[ \t]*RewriteRule[ \t]+[^\n]{1,120}[ \t]https?:\/\//i
  condition:
    filesize < 60KB and
    $a
}

rule htaccess_phone_visitors {
  meta:
    description = "Visitors with a phone are sent elsewhere"
    severity = "suspicious"
    role = "injected"
    area = "web"
    false_positives = "sites with another address for phones"
  strings:
    $a = /(^|\n)[ \t]*RewriteCond[ \t]+%\{HTTP_USER_AGENT\}[ \t]+[^\n]{0,200}(android|iphone)[^\n]{0,400}(\n[ \t]*(RewriteCond|#)[^\n]{0,400}){0,12}\n[ \t]*RewriteRule[ \t]+[^\n]{1,120}[ \t]https?:\/\/[^\n]{0,120}\.(ru|top|xyz|tk|ml|cn|pw|info|icu)\b/i
  condition:
    filesize < 60KB and
    $a
}

rule php_hidden_redirect_by_engine {
  meta:
    description = "PHP sends visitors who come from a search engine to an address that it hides"
    severity = "malicious"
    role = "redirect"
    area = "web"
    false_positives = "none known: honest redirects write their address plainly"
  strings:
    $open = "<?"
    $came = /HTTP_(REFERER|USER_AGENT)/
    $engines = /(google|bing|yahoo|yandex|baidu|duckduckgo)[^\n]{1,60}(google|bing|yahoo|yandex|baidu|duckduckgo)/i
    $goes = /header[ \t]*\([ \t]*['"](Location|Refresh):[^\n]{0,40}(base64_decode|str_rot13|hex2bin|gzinflate|strrev|pack)[ \t]*\(/i
    $said = /(echo|print|die|exit)[ \t(]{1,4}[^\n;]{0,40}(base64_decode|str_rot13|hex2bin|gzinflate|strrev)[ \t]*\(/i
  condition:
    filesize < 1MB and
    $open in (0..4096) and
    $came and
    $engines and
    ($goes or $said)
}
