// SPDX-License-Identifier: Apache-2.0
// Rules of Abate; see docs/rules.md. A test compiles them and holds them against honest files.
rule php_eval_request {
  meta:
    description = "PHP code that the visitor sends is run"
    severity = "malicious"
    role = "shell"
    area = "web"
    false_positives = "none known; what the request sends is never run by honest code"
  strings:
    $open = "<?" private
    $a = /(<\?(php|=)?|[;{}\n])[ \t\r\n@]*((echo|print|return|die|exit)[ \t(]+@?)?eval[ \t]*\([ \t]*@?((stripslashes|trim|base64_decode|urldecode|rawurldecode|gzinflate|gzuncompress|str_rot13|strrev|hex2bin|htmlspecialchars_decode)[ \t]*\([ \t]*@?){0,4}([\'"]\?>[\'"][ \t]*\.[ \t]*)?\$\{?[\'"]?_(GET|POST|REQUEST|COOKIE|SERVER)[\'"]?\}?[ \t]*[\[{]/i
  condition:
    filesize < 1MB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    $a
}

rule php_assert_request {
  meta:
    description = "assert() runs what the visitor sends as PHP code"
    severity = "malicious"
    role = "shell"
    area = "web"
    false_positives = "none known; what the request sends is never run by honest code"
  strings:
    $open = "<?" private
    $a = /(<\?(php|=)?|[;{}\n])[ \t\r\n@]*((echo|print|return|die|exit)[ \t(]+@?)?assert[ \t]*\([ \t]*@?((stripslashes|trim|base64_decode|urldecode|rawurldecode|gzinflate|gzuncompress|str_rot13|strrev|hex2bin|htmlspecialchars_decode)[ \t]*\([ \t]*@?){0,4}\$\{?[\'"]?_(GET|POST|REQUEST|COOKIE|SERVER)[\'"]?\}?[ \t]*[\[{]/i
  condition:
    filesize < 1MB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    $a
}

rule php_command_request {
  meta:
    description = "A system command that the visitor sends is run"
    severity = "malicious"
    role = "shell"
    area = "web"
    false_positives = "web panels of devices, old installers"
  strings:
    $open = "<?" private
    $a = /(<\?(php|=)?|[;{}\n])[ \t\r\n@]*((echo|print|return|die|exit)[ \t(]+@?)?(\$\w+[ \t]*=[ \t]*@?)?(system|passthru|shell_exec|exec|popen|proc_open|pcntl_exec)[ \t]*\([ \t]*@?((stripslashes|trim|base64_decode|urldecode|rawurldecode|gzinflate|gzuncompress|str_rot13|strrev|hex2bin|htmlspecialchars_decode)[ \t]*\([ \t]*@?){0,4}\$\{?[\'"]?_(GET|POST|REQUEST|COOKIE|SERVER)[\'"]?\}?[ \t]*[\[{]/i
  condition:
    filesize < 1MB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    $a
}

rule php_backtick_request {
  meta:
    description = "A shell command in backticks holds what the visitor sends"
    severity = "malicious"
    role = "shell"
    area = "web"
    false_positives = "none known; what the request sends is never run by honest code"
  strings:
    $open = "<?" private
    $a = /(echo|print|=)[ \t(]*`[^`\n]{0,60}\$\{?[\'"]?_(GET|POST|REQUEST|COOKIE|SERVER)\[/i
  condition:
    filesize < 1MB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    $a
}

rule php_preg_replace_e_request {
  meta:
    description = "preg_replace with the modifier e runs what the visitor sends"
    severity = "malicious"
    role = "shell"
    area = "web"
    false_positives = "none known; what the request sends is never run by honest code"
  strings:
    $open = "<?" private
    $a = /preg_replace[ \t]*\([ \t]*[\'"][\/#~|][^\'"\n]{0,40}[\/#~|][imsxu]{0,4}e[imsxu]{0,4}[\'"][ \t]*,[ \t]*[^,;\n]{0,60}(\$\{?[\'"]?_(GET|POST|REQUEST|COOKIE|SERVER)|\\x65\\x76\\x61)/i
  condition:
    filesize < 1MB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    $a
}

rule php_create_function_request {
  meta:
    description = "A function is made of what the visitor sends"
    severity = "malicious"
    role = "shell"
    area = "web"
    false_positives = "none known; what the request sends is never run by honest code"
  strings:
    $open = "<?" private
    $a = /(<\?(php|=)?|[;{}\n])[ \t\r\n@]*((echo|print|return|die|exit)[ \t(]+@?)?(\$\w+[ \t]*=[ \t]*@?)?create_function[ \t]*\([^;\n]{0,80}\$\{?[\'"]?_(GET|POST|REQUEST|COOKIE|SERVER)\[/i
  condition:
    filesize < 1MB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    $a
}

rule php_callback_request {
  meta:
    description = "The visitor says which function is called"
    severity = "malicious"
    role = "shell"
    area = "web"
    false_positives = "frameworks without a list of allowed names"
  strings:
    $open = "<?" private
    $a = /(<\?(php|=)?|[;{}\n])[ \t\r\n@]*((echo|print|return|die|exit)[ \t(]+@?)?(\$\w+[ \t]*=[ \t]*@?)?(call_user_func|call_user_func_array|array_map|register_shutdown_function|ob_start)[ \t]*\([ \t]*@?\$\{?[\'"]?_(GET|POST|REQUEST|COOKIE|SERVER)[ \t]*\[/i
  condition:
    filesize < 1MB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    $a
}

rule php_function_name_request {
  meta:
    description = "The visitor names a function and its argument"
    severity = "malicious"
    role = "shell"
    area = "web"
    false_positives = "none known; what the request sends is never run by honest code"
  strings:
    $open = "<?" private
    $a = /(<\?(php|=)?|[;{}\n])[ \t\r\n@]*((echo|print|return|die|exit)[ \t(]+@?)?\$\{?[\'"]?_(GET|POST|REQUEST|COOKIE|SERVER)[ \t]*\[[^\]\n]{1,40}\][ \t]*\([ \t]*@?((stripslashes|trim|base64_decode|urldecode|rawurldecode|gzinflate|gzuncompress|str_rot13|strrev|hex2bin|htmlspecialchars_decode)[ \t]*\([ \t]*@?){0,4}\$\{?[\'"]?_(GET|POST|REQUEST|COOKIE|SERVER)[ \t]*\[/i
  condition:
    filesize < 1MB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    $a
}

rule php_variable_function_request {
  meta:
    description = "A function name is taken from the visitor, then called"
    severity = "malicious"
    role = "shell"
    area = "web"
    false_positives = "small frameworks without a list of allowed names"
  strings:
    $open = "<?" private
    $a = /(<\?(php|=)?|[;{}\n])[ \t\r\n@]*((echo|print|return|die|exit)[ \t(]+@?)?\$(\w{1,20})[ \t]*=[ \t]*@?\$\{?[\'"]?_(GET|POST|REQUEST|COOKIE|SERVER)\[[^\]\n]{1,40}\][ \t]*;[ \t\r\n]*(echo[ \t]+)?@?\$\w{1,20}[ \t]*\([ \t]*@?\$\{?[\'"]?_(GET|POST|REQUEST|COOKIE|SERVER)/i
  condition:
    filesize < 1MB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    $a
}

rule php_include_request {
  meta:
    description = "A file that the visitor names is run as PHP"
    severity = "suspicious"
    role = "shell"
    area = "web"
    false_positives = "old sites that choose their page this way: open to abuse all the same"
  strings:
    $open = "<?" private
    $a = /(<\?(php|=)?|[;{}\n])[ \t\r\n@]*((echo|print|return|die|exit)[ \t(]+@?)?(include|require)(_once)?[ \t]*\(?[ \t]*@?\$\{?[\'"]?_(GET|POST|REQUEST|COOKIE|SERVER)[ \t]*\[/i
  condition:
    filesize < 1MB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    $a
}
