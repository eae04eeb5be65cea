// SPDX-License-Identifier: Apache-2.0
// Rules of Abate; see docs/rules.md. A test compiles them and holds them against honest files.
rule php_eval_decode_chain {
  meta:
    description = "A blob is unwrapped twice or more and run as PHP"
    severity = "malicious"
    role = "shell"
    area = "web"
    false_positives = "old licence checkers of commercial scripts"
  strings:
    $open = "<?" private
    $a = /(<\?(php|=)?|[;{}\n])[ \t\r\n@]*((echo|print|return|die|exit)[ \t(]+@?)?(eval|assert)[ \t]*\([ \t]*@?([\'"]\?>[\'"][ \t]*\.[ \t]*)?((gzinflate|gzuncompress|gzdecode|str_rot13|strrev|base64_decode|hex2bin|convert_uudecode|rawurldecode|urldecode|pack)[ \t\r\n]*\([ \t\r\n]*[\'"]?(H\*[\'"],)?){2,}/i
  condition:
    filesize < 1MB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    $a
}

rule php_eval_long_blob {
  meta:
    description = "A long base64 text is decoded and run as PHP"
    severity = "malicious"
    role = "shell"
    area = "web"
    false_positives = "old licence checkers of commercial scripts"
  strings:
    $open = "<?" private
    $a = /(<\?(php|=)?|[;{}\n])[ \t\r\n@]*((echo|print|return|die|exit)[ \t(]+@?)?(eval|assert)[ \t]*\([ \t]*@?(base64_decode|gzinflate|hex2bin)[ \t]*\([ \t]*[\'"][A-Za-z0-9+\/=]{40,}/i
  condition:
    filesize < 1MB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    $a
}

rule php_eval_variable_decoder {
  meta:
    description = "The decoder stands in a variable, and what it gives is run"
    severity = "suspicious"
    role = "shell"
    area = "web"
    false_positives = "obfuscated commercial scripts"
  strings:
    $open = "<?" private
    $a = /(<\?(php|=)?|[;{}\n])[ \t\r\n@]*((echo|print|return|die|exit)[ \t(]+@?)?eval[ \t]*\([ \t]*\$\w{1,24}[ \t]*\([ \t]*(\$\w{1,24}|[\'"][A-Za-z0-9+\/=]{20,})/i
  condition:
    filesize < 1MB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    $a
}

rule php_split_function_name {
  meta:
    description = "The name of a dangerous function is put together from pieces"
    severity = "malicious"
    role = "shell"
    area = "web"
    false_positives = "none known; what the request sends is never run by honest code"
  strings:
    $open = "<?" private
    $a = /\$\w{1,24}[ \t]*=[ \t]*[\'"]([\'"][ \t]*\.[ \t]*[\'"])?(ba[\'"][ \t]*\.[ \t]*[\'"]se64|bas[\'"][ \t]*\.[ \t]*[\'"]e64|base[\'"][ \t]*\.[ \t]*[\'"]64|b[\'"][ \t]*\.[ \t]*[\'"]ase64|as[\'"][ \t]*\.[ \t]*[\'"]sert|ass[\'"][ \t]*\.[ \t]*[\'"]ert|a[\'"][ \t]*\.[ \t]*[\'"]ssert|sys[\'"][ \t]*\.[ \t]*[\'"]tem|cr[\'"][ \t]*\.[ \t]*[\'"]eate_fun)/i
    $b = /\$\w{1,24}[ \t]*\([ \t]*[\'"$]/i
  condition:
    filesize < 1MB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    all of ($a, $b)
}

rule php_removed_letters_name {
  meta:
    description = "A function name is hidden among letters that str_replace takes out"
    severity = "malicious"
    role = "shell"
    area = "web"
    false_positives = "none known; what the request sends is never run by honest code"
  strings:
    $open = "<?" private
    $a = /\$\w+[ \t]*=[ \t]*str_replace[ \t]*\([ \t]*["\'][^"\']{1,4}["\'][ \t]*,[ \t]*["\']["\'][ \t]*,[ \t]*["\'][^"\'\n]{8,200}["\'][ \t]*\)[ \t]*;/i
    $b = /\$\w+[ \t]*=[ \t]*\$\w+[ \t]*\([ \t]*["\']["\'][ \t]*,[ \t]*\$\w+[ \t]*\(/i
  condition:
    filesize < 1MB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    all of ($a, $b)
}

rule php_hex_named_globals {
  meta:
    description = "Variables are named by escaped bytes, to hide what they are"
    severity = "suspicious"
    role = "shell"
    area = "web"
    false_positives = "obfuscated commercial scripts"
  strings:
    $open = "<?" private
    $a = /\$\{[ \t]*"(\\x[0-9a-f]{2}|\\[0-7]{3}|[A-Za-z_]){0,4}\\x4[27]/i
  condition:
    filesize < 1MB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    #a > 3
}

rule php_goto_maze {
  meta:
    description = "The code is cut into pieces that goto joins, with all texts escaped"
    severity = "suspicious"
    role = "shell"
    area = "web"
    false_positives = "obfuscated commercial scripts"
  strings:
    $open = "<?" private
    $a = /goto [A-Za-z0-9_]{4,8};[ \t]*[A-Za-z0-9_]{4,8}:/
    $b = /"(\\x[0-9a-f]{2}|\\[0-7]{2,3}){3,}/i
  condition:
    filesize < 1MB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    #a > 8 and #b > 3
}

rule php_name_from_chr {
  meta:
    description = "A function name is spelled by chr() and called"
    severity = "suspicious"
    role = "shell"
    area = "web"
    false_positives = "character tables"
  strings:
    $open = "<?" private
    $a = /(<\?(php|=)?|[;{}\n])[ \t\r\n@]*((echo|print|return|die|exit)[ \t(]+@?)?\$\w{1,24}[ \t]*=[ \t]*(chr[ \t]*\([ \t]*\d{2,3}[ \t]*\)[ \t]*\.[ \t]*){5,}/i
  condition:
    filesize < 1MB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    $a
}

rule php_name_from_indexes {
  meta:
    description = "A function name is picked letter by letter out of a string and called"
    severity = "suspicious"
    role = "shell"
    area = "web"
    false_positives = "none known"
  strings:
    $open = "<?" private
    $a = /=[ \t]*(\$\w{1,24}[\[{]\d{1,3}[\]}][ \t]*\.[ \t]*){5,}/i
  condition:
    filesize < 1MB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    $a
}

rule php_merged_request_loader {
  meta:
    description = "Cookies and form fields are merged, decoded and run"
    severity = "malicious"
    role = "backdoor"
    area = "web"
    false_positives = "none known; what the request sends is never run by honest code"
  strings:
    $open = "<?" private
    $a = /array_merge[ \t]*\([ \t]*\$_(COOKIE|POST)[ \t]*,[ \t]*\$_(POST|COOKIE)[ \t]*\)/i
    $b = /(<\?(php|=)?|[;{}\n])[ \t\r\n@]*((echo|print|return|die|exit)[ \t(]+@?)?(eval[ \t]*\(|@?include[ \t]*\(?[ \t]*\$)/i
  condition:
    filesize < 1MB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    all of ($a, $b)
}

rule php_remote_code {
  meta:
    description = "Code is fetched from another server and run"
    severity = "malicious"
    role = "backdoor"
    area = "web"
    false_positives = "none known; updates are never run this way"
  strings:
    $open = "<?" private
    $a = /(<\?(php|=)?|[;{}\n])[ \t\r\n@]*((echo|print|return|die|exit)[ \t(]+@?)?eval[ \t]*\([ \t]*@?([\'"]\?>[\'"][ \t]*\.[ \t]*)?@?(file_get_contents[ \t]*\([ \t]*[\'"]https?:|curl_exec[ \t]*\(|fread[ \t]*\([ \t]*\$)/i
  condition:
    filesize < 1MB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    $a
}

rule php_paste_loader {
  meta:
    description = "Code is fetched from a paste site"
    severity = "suspicious"
    role = "backdoor"
    area = "web"
    false_positives = "scripts that install themselves from a code host"
  strings:
    $open = "<?" private
    $a = /[\'"]https?:\/\/(pastebin\.com\/raw|raw\.githubusercontent\.com|gist\.githubusercontent\.com|paste\.ee\/r|hastebin\.com\/raw)\//i
    $b = /(<\?(php|=)?|[;{}\n])[ \t\r\n@]*((echo|print|return|die|exit)[ \t(]+@?)?(eval[ \t]*\(|(include|require)(_once)?[ \t(]+\$|\$\w+[ \t]*=[ \t]*tmpfile[ \t]*\()/i
  condition:
    filesize < 100KB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    all of ($a, $b)
}
