// SPDX-License-Identifier: Apache-2.0
// Rules of Abate; see docs/rules.md. A test compiles them and holds them against honest files.
rule perl_irc_bot {
  meta:
    description = "A Perl program takes orders in a chat room and floods or scans on command"
    severity = "malicious"
    role = "bot"
    area = "malware"
    false_positives = "none known"
  strings:
    $a = "PRIVMSG"
    $b = "NICK "
    $c = /JOIN /i
    $d = /(IO::Socket|socket[ \t]*\()/i
    $e = /(udpflood|tcpflood|httpflood|synflood|sqlflood|portscan|udpfaixa|@?oldpack|flooding)/i
    $f = /(my |\$|use )/
    $signatures = /(^|\n)[ \t]*((private|global) )*rule[ \t]+\w+[ \t\r\n]*(:[^{\n]{0,80})?\{/i private
  condition:
    filesize < 400KB and
    all of ($a, $b, $c, $d, $e, $f) and not $signatures
}

rule perl_reverse_shell {
  meta:
    description = "A Perl program connects out and hands over a command line"
    severity = "malicious"
    role = "shell"
    area = "malware"
    false_positives = "lessons of security testing"
  strings:
    $a = /(use[ \t]+(IO::)?Socket|IO::Socket::INET)/i
    $b = /open[ \t]*\(?[ \t]*STDIN[ \t]*,[ \t]*["\'][<>+]*&|STDIN->fdopen/i
    $c = /(exec|system)[ \t]*[({]*[ \t]*["\'$][^;\n]{0,60}(\/bin\/(ba)?sh|sh -i|\$)/i
    $signatures = /(^|\n)[ \t]*((private|global) )*rule[ \t]+\w+[ \t\r\n]*(:[^{\n]{0,80})?\{/i private
  condition:
    filesize < 30KB and
    all of ($a, $b, $c) and not $signatures
}

rule perl_bulk_mailer {
  meta:
    description = "A Perl program sends a mail to each address of a list"
    severity = "suspicious"
    role = "mailer"
    area = "malware"
    false_positives = "mailing lists of the owner"
  strings:
    $s = /\A?#![^\n]{0,40}perl/i
    $a = /(open[^;\n]{0,40}\|[^;\n]{0,40}sendmail|IO::Socket::INET[^;]{0,200}25\b|Net::SMTP->new)/i
    $b = /(foreach|while|for)[^{\n]{0,60}(mails?|emails?|list|address|lista|to)s?\b/i
    $c = /(From|Subject):/i
    $d = /\$ARGV\[[012]\]/i
    $signatures = /(^|\n)[ \t]*((private|global) )*rule[ \t]+\w+[ \t\r\n]*(:[^{\n]{0,80})?\{/i private
  condition:
    filesize < 60KB and
    $s in (0..2) and all of ($a, $b, $c, $d) and not $signatures
}

rule perl_cgi_shell {
  meta:
    description = "A CGI program runs commands that the visitor sends"
    severity = "malicious"
    role = "shell"
    area = "malware"
    false_positives = "none known; what the request sends is never run by honest code"
  strings:
    $a = /(system|exec|`|qx)[ \t]*[({]?[ \t]*"?\$?(q|cgi|query|in|FORM|input)?(->)?(param[ \t]*\(|\{)[ \t]*[\'"]?(cmd|command|c|exec|run)[\'"]?/i
    $s = /#![^\n]{0,40}perl/i
    $signatures = /(^|\n)[ \t]*((private|global) )*rule[ \t]+\w+[ \t\r\n]*(:[^{\n]{0,80})?\{/i private
  condition:
    filesize < 60KB and
    $s in (0..2) and $a and not $signatures
}

rule python_reverse_shell {
  meta:
    description = "A Python program connects out and hands over a command line"
    severity = "malicious"
    role = "shell"
    area = "malware"
    false_positives = "lessons of security testing"
  strings:
    $a = /socket\.socket[ \t]*\(/i
    $b = /os\.dup2[ \t]*\([^;\n]{0,40}fileno/i
    $c = /(pty\.spawn|subprocess\.(call|Popen|run)|os\.(system|exec\w+))[ \t]*\([ \t]*\[?[ \t]*[\'"](\/bin\/)?(ba)?sh/i
    $signatures = /(^|\n)[ \t]*((private|global) )*rule[ \t]+\w+[ \t\r\n]*(:[^{\n]{0,80})?\{/i private
  condition:
    filesize < 30KB and
    all of ($a, $b, $c) and #b >= 2 and not $signatures
}

rule python_irc_bot {
  meta:
    description = "A Python program takes orders in a chat room and floods on command"
    severity = "malicious"
    role = "bot"
    area = "malware"
    false_positives = "none known"
  strings:
    $a = "PRIVMSG"
    $b = /(JOIN |NICK )/i
    $c = /socket\.socket[ \t]*\(/i
    $d = /(os\.(system|popen)|subprocess)/i
    $e = /(udpflood|synflood|httpflood|\bflood\b|ddos)/i
    $signatures = /(^|\n)[ \t]*((private|global) )*rule[ \t]+\w+[ \t\r\n]*(:[^{\n]{0,80})?\{/i private
  condition:
    filesize < 200KB and
    all of ($a, $b, $c, $d, $e) and not $signatures
}

rule shell_reverse_shell {
  meta:
    description = "A shell script hands a command line to another machine"
    severity = "malicious"
    role = "shell"
    area = "malware"
    false_positives = "lessons of security testing"
  strings:
    $a = /\n[^#\n\'"]{0,120}(bash|sh)[ \t]+-i[ \t]+[>&|0-9 ]{1,8}\/dev\/(tcp|udp)\/\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\/\d+/i
    $b = /\n[^#\n\'"]{0,120}\b(nc|ncat|netcat)[ \t]+(-[a-z]+[ \t]+)*\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}[ \t]+\d+[ \t]+-e[ \t]+\/bin\//i
  condition:
    filesize < 30KB and
    uint16(0) == 0x2123 and any of them
}

rule shell_dropper {
  meta:
    description = "A script fetches programs for every kind of processor and starts them"
    severity = "malicious"
    role = "bot"
    area = "malware"
    false_positives = "none known"
  strings:
    $a = /cd[ \t]+\/tmp[ \t]*(\|\||;|&&)[ \t]*cd[ \t]+\/(var|run|mnt|dev|root)/i
    $b = /(wget|curl|tftp|ftpget|busybox)[^\n;]{1,120}\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}/i
    $c = /chmod[ \t]+(\+x|777|755|0777)/i
    $signatures = /(^|\n)[ \t]*((private|global) )*rule[ \t]+\w+[ \t\r\n]*(:[^{\n]{0,80})?\{/i private
  condition:
    filesize < 100KB and
    all of ($a, $b, $c) and not $signatures
}

rule shell_arch_list {
  meta:
    description = "A script fetches the same program for many processors"
    severity = "malicious"
    role = "bot"
    area = "malware"
    false_positives = "release scripts fetch by name, from their own host"
  strings:
    $a = /(wget|curl)[^\n;|]{0,60}https?:\/\/\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}[^\n;]{0,60}(mips|mipsel|mpsl|arm[4567]|sh4|ppc|m68k|x86)\b/i
    $c = /chmod[ \t]+(\+x|777|755|0777)/i
    $signatures = /(^|\n)[ \t]*((private|global) )*rule[ \t]+\w+[ \t\r\n]*(:[^{\n]{0,80})?\{/i private
  condition:
    filesize < 100KB and
    #a > 2 and $c and not $signatures
}

rule shell_miner_setup {
  meta:
    description = "A script installs a coin miner and makes it come back"
    severity = "malicious"
    role = "miner"
    area = "malware"
    false_positives = "miners that the owner installs"
  strings:
    $a = /(stratum\+(tcp|ssl):\/\/|xmrig|minexmr|supportxmr|nanopool|c3pool|moneroocean|hashvault|2miners)/i
    $b = /(curl|wget)[ \t][^\n]{0,200}https?:\/\//i
    $c = /(crontab|systemctl[ \t]+(enable|start)|rc\.local|\/etc\/cron|nohup)/i
    $d = /(pkill|killall|kill[ \t]+-9|chattr)/i
  condition:
    filesize < 200KB and
    uint16(0) == 0x2123 and all of ($a, $b, $c, $d)
}

rule shell_ousts_rivals {
  meta:
    description = "A script kills rival miners, then fetches and runs its own"
    severity = "malicious"
    role = "miner"
    area = "malware"
    false_positives = "none known"
  strings:
    $a = /pkill[ \t]+-f|killall[ \t]|ps [a-z]*\|[ \t]*grep/i
    $b = /(kinsing|kdevtmpfsi|xmrig|minerd|cryptonight|ddgs|sysrv|watchbog|kworkerds)/i
    $c = /(curl|wget)[ \t][^\n|]{1,200}\|[ \t]*(ba)?sh\b/i
  condition:
    filesize < 300KB and
    uint16(0) == 0x2123 and #a > 4 and #b > 2 and $c
}

rule shell_key_planter {
  meta:
    description = "A script adds its own key to root and clears the traces"
    severity = "malicious"
    role = "backdoor"
    area = "malware"
    false_positives = "none known"
  strings:
    $a = /(echo|printf)[ \t][^\n]{0,40}ssh-(rsa|ed25519)[ \t][A-Za-z0-9+\/=]{40,}[^\n]{0,120}>>?[^\n]{0,40}authorized_keys/i
    $b = /(history[ \t]+-c|HISTFILE=\/dev\/null|unset[ \t]+HISTFILE|>[ \t]*(\/var\/log\/(wtmp|lastlog|secure|auth\.log)|~?\/?\.bash_history))/i
  condition:
    filesize < 200KB and
    uint16(0) == 0x2123 and all of them
}

rule shell_preload_planter {
  meta:
    description = "A script registers a library that is loaded into every program"
    severity = "suspicious"
    role = "backdoor"
    area = "malware"
    false_positives = "jemalloc and similar, set up by the owner"
  strings:
    $a = />>?[ \t]*\/etc\/ld\.so\.preload/i
  condition:
    filesize < 200KB and
    uint16(0) == 0x2123 and $a
}

rule script_socks_server {
  meta:
    description = "A small script is a SOCKS proxy for anybody"
    severity = "suspicious"
    role = "proxy"
    area = "malware"
    false_positives = "tools of the owner"
  strings:
    $a = /socks5?/i
    $b = /(IO::Socket::INET|socket\.socket)/i
    $c = /(Listen[ \t]*=>|\.listen[ \t]*\()/i
    $d = /(\\x05\\x00|\\x05\\x01|chr\(5\)|struct\.(un)?pack[ \t]*\([ \t]*[\'"]!?BB)/i
  condition:
    filesize < 60KB and
    uint16(0) == 0x2123 and all of them
}

rule miner_configuration {
  meta:
    description = "A coin miner's configuration with a wallet"
    severity = "malicious"
    role = "miner"
    area = "malware"
    false_positives = "miners that the owner installs"
  strings:
    $a = /"(donate-level|randomx|cryptonight|algo)"[ \t]*:/i
    $b = /"url"[ \t]*:[ \t]*"[^"\n]{3,80}:\d{2,5}"/i
    $c = /"(user|wallet)"[ \t]*:[ \t]*"[48][0-9AB][1-9A-HJ-NP-Za-km-z]{90,}/i
    $signatures = /(^|\n)[ \t]*((private|global) )*rule[ \t]+\w+[ \t\r\n]*(:[^{\n]{0,80})?\{/i private
  condition:
    filesize < 60KB and
    uint8(0) == 0x7b and all of ($a, $b, $c) and not $signatures
}

rule jsp_command_request {
  meta:
    description = "A Java page runs commands that the visitor sends"
    severity = "malicious"
    role = "shell"
    area = "web"
    false_positives = "none known; what the request sends is never run by honest code"
  strings:
    $a = /getRuntime\(\)[ \t]*\.[ \t]*exec[ \t]*\([ \t]*(new[ \t]+String[^;\n]{0,60})?request[ \t]*\.[ \t]*getParameter/i
    $b = "<%"
    $signatures = /(^|\n)[ \t]*((private|global) )*rule[ \t]+\w+[ \t\r\n]*(:[^{\n]{0,80})?\{/i private
  condition:
    filesize < 200KB and
    $b and $a and not $signatures
}

rule jsp_class_loader {
  meta:
    description = "A Java page loads a class that the visitor sends"
    severity = "malicious"
    role = "shell"
    area = "web"
    false_positives = "none known"
  strings:
    $a = /defineClass[ \t]*\(/i
    $b = /request\.(getReader|getParameter|getInputStream)/i
    $c = "<%"
    $d = /(base64|Cipher\.getInstance)/i
    $signatures = /(^|\n)[ \t]*((private|global) )*rule[ \t]+\w+[ \t\r\n]*(:[^{\n]{0,80})?\{/i private
  condition:
    filesize < 60KB and
    all of ($a, $b, $c, $d) and not $signatures
}

rule asp_eval_request {
  meta:
    description = "An ASP page runs what the visitor sends"
    severity = "malicious"
    role = "shell"
    area = "web"
    false_positives = "none known; what the request sends is never run by honest code"
  strings:
    $a = /<%[ \t@\w="]{0,80}%?>?[ \t\r\n<%]*(eval|execute|executeglobal)[ \t]*\(?[ \t]*request[ \t]*[(.\[]/i
    $signatures = /(^|\n)[ \t]*((private|global) )*rule[ \t]+\w+[ \t\r\n]*(:[^{\n]{0,80})?\{/i private
  condition:
    filesize < 60KB and
    $a and not $signatures
}

rule windows_script_dropper {
  meta:
    description = "A Windows script fetches a program and starts it"
    severity = "malicious"
    role = "dropper"
    area = "malware"
    false_positives = "none known on a web server"
  strings:
    $a = /(MSXML2\.(Server)?XMLHTTP|WinHttp\.WinHttpRequest|Microsoft\.XMLHTTP)/i
    $b = "ADODB.Stream" nocase
    $c = /(WScript\.Shell|Shell\.Application)/i
    $d = /(SaveToFile|\.Run[ \t(]|ShellExecute)/i
    $signatures = /(^|\n)[ \t]*((private|global) )*rule[ \t]+\w+[ \t\r\n]*(:[^{\n]{0,80})?\{/i private
  condition:
    filesize < 300KB and
    all of ($a, $b, $c, $d) and not $signatures
}

rule powershell_hidden_download {
  meta:
    description = "PowerShell fetches and runs code without a window"
    severity = "suspicious"
    role = "dropper"
    area = "malware"
    false_positives = "deployment scripts"
  strings:
    $a = /(IEX|Invoke-Expression)[^\n]{0,60}(DownloadString|Invoke-WebRequest|iwr)[^\n]{0,10}/i
    $b = /-w(indowstyle)?[ \t]+hidden/i
    $signatures = /(^|\n)[ \t]*((private|global) )*rule[ \t]+\w+[ \t\r\n]*(:[^{\n]{0,80})?\{/i private
  condition:
    filesize < 300KB and
    all of ($a, $b) and not $signatures
}
