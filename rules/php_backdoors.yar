// SPDX-License-Identifier: Apache-2.0
// Rules of Abate; see docs/rules.md. A test compiles them and holds them against honest files.
rule php_write_request {
  meta:
    description = "The visitor names a file and what is written into it"
    severity = "malicious"
    role = "uploader"
    area = "web"
    false_positives = "none known without a log-in"
  strings:
    $open = "<?" private
    $a = /(<\?(php|=)?|[;{}\n])[ \t\r\n@]*((echo|print|return|die|exit)[ \t(]+@?)?(\$\w+[ \t]*=[ \t]*@?)?(file_put_contents|fopen)[ \t]*\([ \t]*@?\$\{?[\'"]?_(GET|POST|REQUEST|COOKIE|SERVER)\[[^;\n]{0,80},[ \t]*@?((stripslashes|trim|base64_decode|urldecode|rawurldecode|gzinflate|gzuncompress|str_rot13|strrev|hex2bin|htmlspecialchars_decode)[ \t]*\([ \t]*@?){0,4}\$\{?[\'"]?_(GET|POST|REQUEST|COOKIE|SERVER)\[/i
  condition:
    filesize < 100KB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    $a
}

rule php_bare_uploader {
  meta:
    description = "A short script stores any file that is sent, under the name that is sent"
    severity = "suspicious"
    role = "uploader"
    area = "web"
    false_positives = "lessons, unfinished work of the owner: open to abuse all the same"
  strings:
    $open = "<?" private
    $a = /(<\?(php|=)?|[;{}\n])[ \t\r\n@]*((echo|print|return|die|exit)[ \t(]+@?)?(if[ \t]*\([ \t]*@?)?(move_uploaded_file|copy)[ \t]*\([ \t]*\$_FILES\[[^\]]{1,30}\]\[[\'"]?tmp_name[\'"]?\][ \t]*,[ \t]*([^;,\n]{0,40}\.[ \t]*)?\$_FILES\[[^\]]{1,30}\]\[[\'"]?name/i
  condition:
    filesize < 4KB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    $a
}

rule php_command_console {
  meta:
    description = "A page that runs commands, lists users and changes files"
    severity = "malicious"
    role = "shell"
    area = "web"
    false_positives = "none known"
  strings:
    $open = "<?" private
    $a = "posix_getpwuid" nocase
    $b = "move_uploaded_file" nocase
    $c = /(<\?(php|=)?|[;{}\n])[ \t\r\n@]*((echo|print|return|die|exit)[ \t(]+@?)?(\$\w+[ \t]*=[ \t]*@?)?(shell_exec|passthru|popen|proc_open|system)[ \t]*\([ \t]*\$/i
    $d = /(<\?(php|=)?|[;{}\n])[ \t\r\n@]*((echo|print|return|die|exit)[ \t(]+@?)?(\$\w+[ \t]*=[ \t]*@?)?(ini_get|get_cfg_var)[ \t]*\([ \t]*[\'"](safe_mode|disable_functions|open_basedir)/i
    $e = "php_uname" nocase
    $f = /\$\{?[\'"]?_(GET|POST|REQUEST|COOKIE|SERVER)\[[\'"](cmd|command|exec|act|dir|path|d)[\'"]\]/i
  condition:
    filesize < 500KB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    all of them
}

rule php_known_shell_marks {
  meta:
    description = "Marks of well-known web shells around code that runs commands"
    severity = "malicious"
    role = "shell"
    area = "web"
    false_positives = "collections of samples"
  strings:
    $open = "<?" private
    $m1 = "FilesMan"
    $m2 = "c99shell" nocase
    $m3 = "r57shell" nocase
    $m4 = "b374k" nocase
    $m5 = "IndoXploit" nocase
    $m6 = "WSO 2." nocase
    $m7 = "Mini Shell" nocase
    $m8 = "AnonymousFox" nocase
    $m9 = "Alfa Team" nocase
    $m10 = "priv8" nocase
    $x = /(<\?(php|=)?|[;{}\n])[ \t\r\n@]*((echo|print|return|die|exit)[ \t(]+@?)?(\$\w+[ \t]*=[ \t]*@?)?(eval|assert|system|passthru|shell_exec|popen|proc_open|preg_replace)[ \t]*\([ \t]*[^\'"\n]?\$/i
    $r = /\$\{?[\'"]?_(GET|POST|REQUEST|COOKIE|SERVER)\[/i
  condition:
    filesize < 800KB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    1 of ($m*) and $x and $r
}

rule php_bare_file_manager {
  meta:
    description = "A file manager without a log-in: it lists, writes and deletes by the visitor's word"
    severity = "suspicious"
    role = "uploader"
    area = "web"
    false_positives = "file managers that the owner keeps: they want a password at least"
  strings:
    $open = "<?" private
    $a = /(scandir|opendir|glob)[ \t]*\([ \t]*\$/i
    $b = /(<\?(php|=)?|[;{}\n])[ \t\r\n@]*((echo|print|return|die|exit)[ \t(]+@?)?(if[ \t]*\([ \t]*@?)?(unlink|rmdir)[ \t]*\([ \t]*(\$_(GET|POST|REQUEST)|\$\w+)/i
    $c = /\$_(GET|POST|REQUEST)\[[\'"](path|dir|d|file|filesrc|edit|del)[\'"]\]/i
    $e = /(<\?(php|=)?|[;{}\n])[ \t\r\n@]*((echo|print|return|die|exit)[ \t(]+@?)?(if[ \t]*\([ \t]*@?)?(file_put_contents|fwrite|fputs)[ \t]*\(/i
    $f = "fileperms" nocase
    $g = "move_uploaded_file" nocase
    $h = "rename(" nocase
  condition:
    filesize < 100KB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    all of them and not for any of ($a) : (@ > 200KB)
}

rule php_reverse_shell {
  meta:
    description = "PHP connects out and gives a command line to the other side"
    severity = "malicious"
    role = "shell"
    area = "web"
    false_positives = "lessons of security testing"
  strings:
    $open = "<?" private
    $a = /(<\?(php|=)?|[;{}\n])[ \t\r\n@]*((echo|print|return|die|exit)[ \t(]+@?)?(\$\w+[ \t]*=[ \t]*@?)?(fsockopen|stream_socket_client|socket_connect)[ \t]*\([ \t]*[^)]{1,80}/i
    $b = /(proc_open|shell_exec|popen|exec)[ \t]*\([ \t]*[^;\n]{0,60}/i
    $c = /[\'"]([^\'"\n]{0,40};[ \t]*)?\/bin\/(ba)?sh -i/i
  condition:
    filesize < 60KB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    all of ($a, $b, $c)
}

rule php_udp_flood {
  meta:
    description = "PHP floods a victim that the visitor names with packets"
    severity = "malicious"
    role = "bot"
    area = "web"
    false_positives = "none known; what the request sends is never run by honest code"
  strings:
    $open = "<?" private
    $a = /fsockopen[ \t]*\([ \t]*[\'"]udp:\/\//i
    $b = /\$\{?[\'"]?_(GET|POST|REQUEST|COOKIE|SERVER)\[[\'"](host|ip|target|victim|time|port)[\'"]\]/i
    $c = /(while[ \t]*\([ \t]*(1|true)|for[ \t]*\([^)]{0,60})[^;]{0,10}/i
    $d = "fwrite" nocase
  condition:
    filesize < 60KB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    all of ($a, $b, $c, $d)
}

rule php_http_tunnel {
  meta:
    description = "The web server is made a way into the network behind it"
    severity = "malicious"
    role = "proxy"
    area = "web"
    false_positives = "none known"
  strings:
    $open = "<?" private
    $a = "X-CMD"
    $b = "X-TARGET"
    $c = "X-STATUS"
    $d = /(fsockopen|socket_create|stream_socket_client)[ \t]*\(/i
  condition:
    filesize < 60KB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    $d and 2 of ($a, $b, $c)
}

rule php_picture_head {
  meta:
    description = "PHP behind the first letters of a picture, to pass as one"
    severity = "malicious"
    role = "shell"
    area = "web"
    false_positives = "none known"
  strings:
    $open = "<?" private
    $a = /GIF8[79]a[^<]{0,12}<\?(php|=)/i
  condition:
    filesize < 1MB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    $a in (0..4)
}

rule php_web_proxy {
  meta:
    description = "A web proxy: whoever asks surfs through this server"
    severity = "suspicious"
    role = "proxy"
    area = "web"
    false_positives = "a proxy that the owner keeps for himself, with a password"
  strings:
    $open = "<?" private
    $a = /\b(PHProxy|Glype|CGIProxy|phpMyProxy)\b/i
    $b = /curl_exec[ \t]*\(|fsockopen[ \t]*\(/i
    $c = /(proxify|proxy_url|modify_url|urlEncode_proxy|complete_url)\w*[ \t]*\(/i
  condition:
    filesize < 500KB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    all of ($a, $b, $c)
}

rule php_hidden_admin {
  meta:
    description = "An administrator is made, and hidden from the list of users"
    severity = "malicious"
    role = "backdoor"
    area = "web"
    false_positives = "none known"
  strings:
    $open = "<?" private
    $a = /(wp_create_user|wp_insert_user)[ \t]*\(/i
    $b = /[\'"]administrator[\'"]/i
    $c = /(pre_user_query|user_login[ \t]*!=)/i
    $d = /add_action[ \t]*\(/i
  condition:
    filesize < 100KB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    all of ($a, $b, $c, $d)
}

rule php_login_by_link {
  meta:
    description = "Whoever knows a word in the address is signed in to WordPress"
    severity = "suspicious"
    role = "backdoor"
    area = "web"
    false_positives = "hosters' one-click log-ins"
  strings:
    $open = "<?" private
    $a = /wp_set_auth_cookie[ \t]*\(/i
    $b = /(require|include)(_once)?[ \t(]+[^;\n]{0,80}wp-(load|blog-header|config)\.php/i
    $c = /\$\{?[\'"]?_(GET|POST|REQUEST|COOKIE|SERVER)\[/i
  condition:
    filesize < 6KB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    all of ($a, $b, $c)
}

rule php_restores_itself {
  meta:
    description = "The site's index.php or .htaccess is written again and again from a blob"
    severity = "malicious"
    role = "backdoor"
    area = "web"
    false_positives = "none known"
  strings:
    $open = "<?" private
    $a = /(<\?(php|=)?|[;{}\n])[ \t\r\n@]*((echo|print|return|die|exit)[ \t(]+@?)?(\$\w+[ \t]*=[ \t]*@?)?(file_put_contents|fopen)[ \t]*\([ \t]*(\$_SERVER\[[\'"]DOCUMENT_ROOT[\'"]\][ \t]*\.[ \t]*)[\'"]\/?(index\.php|\.htaccess|wp-config\.php)/i
    $b = "base64_decode" nocase
    $c = /chmod[ \t]*\([^;\n]{1,80}0?[45]44[ \t]*\)/i
  condition:
    filesize < 500KB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    all of ($a, $b, $c)
}

rule php_disguised_wp_hook {
  meta:
    description = "A plugin runs what the visitor sends when WordPress starts"
    severity = "malicious"
    role = "backdoor"
    area = "web"
    false_positives = "none known; what the request sends is never run by honest code"
  strings:
    $open = "<?" private
    $a = /add_(action|filter)[ \t]*\(/i
    $b = /(<\?(php|=)?|[;{}\n])[ \t\r\n@]*((echo|print|return|die|exit)[ \t(]+@?)?(if[ \t]*\([^\n{;]{0,120}\)[ \t]*\{?[ \t\r\n]*)@?eval[ \t]*\([ \t]*@?((stripslashes|trim|base64_decode|urldecode|rawurldecode|gzinflate|gzuncompress|str_rot13|strrev|hex2bin|htmlspecialchars_decode)[ \t]*\([ \t]*@?){0,4}\$\{?[\'"]?_(GET|POST|REQUEST|COOKIE|SERVER)/i
  condition:
    filesize < 200KB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    all of ($a, $b)
}

rule php_code_in_header {
  meta:
    description = "PHP code comes in a header of the request"
    severity = "malicious"
    role = "shell"
    area = "web"
    false_positives = "none known; what the request sends is never run by honest code"
  strings:
    $open = "<?" private
    $a = /(<\?(php|=)?|[;{}\n])[ \t\r\n@]*((echo|print|return|die|exit)[ \t(]+@?)?(eval|assert|system|passthru)[ \t]*\([ \t]*@?((stripslashes|trim|base64_decode|urldecode|rawurldecode|gzinflate|gzuncompress|str_rot13|strrev|hex2bin|htmlspecialchars_decode)[ \t]*\([ \t]*@?){0,4}(\$_SERVER\[[\'"]HTTP_[A-Z_]{1,40}|getallheaders[ \t]*\()/i
  condition:
    filesize < 1MB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    $a
}

rule php_code_in_body {
  meta:
    description = "The body of the request is run as PHP"
    severity = "malicious"
    role = "shell"
    area = "web"
    false_positives = "none known; what the request sends is never run by honest code"
  strings:
    $open = "<?" private
    $a = /(<\?(php|=)?|[;{}\n])[ \t\r\n@]*((echo|print|return|die|exit)[ \t(]+@?)?(eval|assert|system|passthru|create_function)[ \t]*\([ \t]*@?([\'"]{2},[ \t]*)?((stripslashes|trim|base64_decode|urldecode|rawurldecode|gzinflate|gzuncompress|str_rot13|strrev|hex2bin|htmlspecialchars_decode)[ \t]*\([ \t]*@?){0,4}file_get_contents[ \t]*\([ \t]*[\'"]php:\/\/input/i
  condition:
    filesize < 1MB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    $a
}

rule php_picture_metadata_code {
  meta:
    description = "Code is kept in a picture's description and run"
    severity = "malicious"
    role = "shell"
    area = "web"
    false_positives = "none known; what the request sends is never run by honest code"
  strings:
    $open = "<?" private
    $a = "exif_read_data" nocase
    $b = /preg_replace[ \t]*\([ \t]*\$\w+\[[\'"](Make|Model|Comments?|ImageDescription)[\'"]\]/i
  condition:
    filesize < 1MB and
    ($open in (0..3) or uint8(0) == 0x3c or (uint32(0) == 0x38464947 and $open in (0..20)) or (uint16(0) == 0x2123 and $open in (0..40))) and
    all of ($a, $b)
}
