// SPDX-License-Identifier: Apache-2.0
// Rules of Abate; see docs/rules.md. A test compiles them and holds them against honest files.
rule php_mass_mailer {
  meta:
    description = "A form sends a mail to each line of a list"
    severity = "malicious"
    role = "mailer"
    area = "malware"
    false_positives = "newsletters that the owner wrote by hand, without a log-in"
  strings:
    $open = "<?" private
    $a = /explode[ \t]*\([ \t]*("\\n"|"\\r\\n"|PHP_EOL|\'\\n\')[ \t]*,[ \t]*(trim[ \t]*\([ \t]*)?(stripslashes[ \t]*\([ \t]*)?\$\{?[\'"]?_(GET|POST|REQUEST|COOKIE|SERVER)\[[\'"](emaillist|email_list|emails?|mails|maillist|mailist|list|tos|leads|recipients|victims?)[\'"]\]/i
    $b = /[^a-z0-9_>]mail[ \t]*\([ \t]*\$|->[ \t]*Send[ \t]*\(/i
  condition:
    filesize < 300KB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    all of ($a, $b)
}

rule php_mailer_fields {
  meta:
    description = "A bulk mailer: its form's well-known fields around mail()"
    severity = "malicious"
    role = "mailer"
    area = "malware"
    false_positives = "none known"
  strings:
    $open = "<?" private
    $a = "emaillist"
    $b = "realname"
    $c = "nrotat" nocase
    $d = "replyto"
    $e = "encodety" nocase
    $f = "contenttype"
    $g = "Mailer Inbox" nocase
    $h = "reconnect" nocase
    $x = /[^a-z0-9_>]mail[ \t]*\([ \t]*\$/i
  condition:
    filesize < 300KB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    $x and 4 of ($a, $b, $c, $d, $e, $f, $g, $h)
}

rule php_remote_mailer {
  meta:
    description = "Address, subject and text of a mail come from outside, packed"
    severity = "malicious"
    role = "mailer"
    area = "malware"
    false_positives = "none known; what the request sends is never run by honest code"
  strings:
    $open = "<?" private
    $a = /[^a-z0-9_>]mail[ \t]*\([ \t]*@?(stripslashes|base64_decode|urldecode)[ \t]*\([ \t]*@?(stripslashes|base64_decode|urldecode)?[ \t]*\(?[ \t]*\$_(POST|REQUEST|COOKIE)/i
  condition:
    filesize < 200KB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    $a
}

rule php_direct_smtp_sender {
  meta:
    description = "PHP speaks SMTP with the world itself, past the mail server"
    severity = "suspicious"
    role = "mailer"
    area = "malware"
    false_positives = "mail libraries (PHPMailer and others of known releases are passed over)"
  strings:
    $open = "<?" private
    $a = /(getmxrr|dns_get_mx|dns_get_record)[ \t]*\(/i
    $b = /[\'"](HELO|EHLO) /i
    $c = "RCPT TO"
    $d = /(fsockopen|stream_socket_client)[ \t]*\([^;\n]{0,60}\b25\b/i
    $e = /\$\{?[\'"]?_(GET|POST|REQUEST|COOKIE|SERVER)\[/i
  condition:
    filesize < 200KB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    all of them
}

rule kit_mails_passwords {
  meta:
    description = "Passwords that visitors type are mailed away"
    severity = "malicious"
    role = "kit"
    area = "web"
    false_positives = "none known"
  strings:
    $open = "<?" private
    $a = /\$\w+[ \t]*\.?=[ \t]*("[^"\n]{0,80}"[ \t]*\.[ \t]*)?(@?\$_(POST|REQUEST)\[[\'"]|"[^"\n]{0,80}\$_(POST|REQUEST)\[\'?)(pass|passwd|password|passwort|pwd|psw|pin|otp|cvv|cvc|ssn)[a-z0-9_]{0,10}\b/i
    $b = /[^a-z0-9_>]mail[ \t]*\([ \t]*(\$|[\'"][a-z0-9._-]+@)/i
    $c = /(REMOTE_ADDR|getenv|gethostbyaddr|geoip|HTTP_USER_AGENT|ip-api)/i
    $d = /(header[ \t]*\([ \t]*[\'"]Location|<meta http-equiv=.?refresh|window\.location)/i
    $e = /(user|e-?mail|login|card|bank|account|online ?id)[a-z ]{0,16}[:=]/i
  condition:
    filesize < 40KB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    all of ($a, $b, $c, $d, $e)
}

rule kit_telegram_passwords {
  meta:
    description = "Passwords that visitors type are sent to a Telegram bot"
    severity = "malicious"
    role = "kit"
    area = "web"
    false_positives = "none known"
  strings:
    $open = "<?" private
    $a = "api.telegram.org/bot" nocase
    $b = /\$_(POST|REQUEST)\[[\'"]?(pass|passwd|password|passwort|pwd|psw|pin|otp|cvv|cvc|ssn)[a-z0-9_]{0,10}\b/i
    $c = /(curl_exec|file_get_contents|fopen|curl_init)[ \t]*\(/i
  condition:
    filesize < 60KB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    all of ($a, $b, $c)
}

rule kit_telegram_form {
  meta:
    description = "What a form sends goes to a Telegram bot"
    severity = "suspicious"
    role = "kit"
    area = "web"
    false_positives = "contact forms of the owner"
  strings:
    $open = "<?" private
    $a = /api\.telegram\.org\/bot[\'"]?[ \t]*\.?[ \t]*(\$\w+|\d{8,10}:[A-Za-z0-9_-]{30,})/i
    $b = /\$_(POST|REQUEST)\[/i
  condition:
    filesize < 60KB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    all of ($a, $b)
}

rule kit_stores_passwords {
  meta:
    description = "Passwords that visitors type are kept in a text file"
    severity = "malicious"
    role = "kit"
    area = "web"
    false_positives = "lessons about forms"
  strings:
    $open = "<?" private
    $a = /\$\w+[ \t]*\.?=[ \t]*[^;\n]{0,120}\$_(POST|REQUEST)\[[\'"]?(pass|passwd|password|passwort|pwd|psw|pin|otp|cvv|cvc|ssn)[a-z0-9_]{0,10}\b/i
    $b = /(fopen|file_put_contents)[ \t]*\([ \t]*[\'"][^\'"\n]{0,60}(result|log|vic|rez|pass|victim|data|user)[a-z]{0,8}\.(txt|log|html?|php)[\'"]/i
    $c = /(REMOTE_ADDR|HTTP_USER_AGENT)/i
    $d = /(header[ \t]*\([ \t]*[\'"]Location|<meta http-equiv=.?refresh|window\.location)/i
  condition:
    filesize < 40KB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    all of ($a, $b, $c, $d)
}

rule kit_turns_away_watchers {
  meta:
    description = "Visitors from those who look for phishing are turned away"
    severity = "malicious"
    role = "kit"
    area = "web"
    false_positives = "blocklists that an owner keeps against robots"
  strings:
    $open = "<?" private
    $a = "phishtank" nocase
    $b = "netcraft" nocase
    $c = /gethostbyaddr[ \t]*\(/i
    $d = /(strpos|stripos|substr_count|preg_match|in_array|strstr|stristr)[ \t]*\(/i
    $e = /(404 not found|die[ \t]*\(|exit[ \t]*[(;]|header[ \t]*\()/i
  condition:
    filesize < 200KB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    all of ($a, $b, $c, $d, $e)
}

rule kit_random_folder {
  meta:
    description = "Each visitor gets a copy of the page in a folder of random name"
    severity = "suspicious"
    role = "kit"
    area = "web"
    false_positives = "none known"
  strings:
    $open = "<?" private
    $a = /(\$\w+[ \t]*=[ \t]*)(md5|sha1)[ \t]*\([ \t]*(uniqid|rand|mt_rand|microtime|time)?[ \t]*\(?/i
    $b = /function[ \t]+(recurse_copy|copy_dir|rcopy|recurse)[ \t]*\(/i
    $c = /header[ \t]*\([ \t]*[\'"]location: ?[\'"]?[ \t]*\.?[ \t]*\$/i
  condition:
    filesize < 20KB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    all of ($a, $b, $c)
}
