// SPDX-License-Identifier: Apache-2.0
// Rules of Abate; see docs/rules.md. A test compiles them and holds them against honest files.
rule elf_coin_miner {
  meta:
    description = "A program that mines coins"
    severity = "malicious"
    role = "miner"
    area = "malware"
    false_positives = "miners that the owner installed (a package's own are passed over)"
  strings:
    $a = "stratum+tcp://"
    $b = "stratum+ssl://"
    $c = "donate-level"
    $d = "randomx" nocase
    $e = "cryptonight" nocase
    $f = "xmrig" nocase
    $g = "--coin"
  condition:
    whole_size < 8MB and
    uint32(0) == 0x464c457f and 1 of ($a, $b, $c) and 2 of ($d, $e, $f, $g)
}

rule elf_iot_bot {
  meta:
    description = "A bot that spreads over routers and cameras"
    severity = "malicious"
    role = "bot"
    area = "malware"
    false_positives = "none known"
  strings:
    $a = "/bin/busybox"
    $b = "/dev/watchdog"
    $c = "/dev/misc/watchdog"
    $d = "/proc/net/tcp"
    $e = "TSource Engine Query"
    $f = "dvrHelper"
    $g = "MIRAI"
    $h = "ECCHI"
    $i = "assword"
    $j = "enable"
    $v = "BusyBox v1."
  condition:
    filesize < 1MB and
    uint32(0) == 0x464c457f and not $v and (1 of ($e, $f, $g, $h) and 2 of ($a, $b, $c, $d) or ($a and $b and $c and $d and $i and $j))
}

rule elf_router_exploits {
  meta:
    description = "A program that carries break-ins for routers"
    severity = "malicious"
    role = "bot"
    area = "malware"
    false_positives = "tools of security testing"
  strings:
    $a = "/ctrlt/DeviceUpgrade_1"
    $b = "GponForm/diag_Form"
    $c = "/picsdesc.xml"
    $d = "/setup.cgi?next_file=netgear.cfg"
    $e = "/shell?cd+/tmp"
    $f = "/HNAP1/"
    $g = "wget+http"
    $h = "/cgi-bin/;cd"
  condition:
    filesize < 4MB and
    uint32(0) == 0x464c457f and 2 of them
}

rule elf_irc_flooder {
  meta:
    description = "A program that floods victims on orders from a chat room"
    severity = "malicious"
    role = "bot"
    area = "malware"
    false_positives = "none known"
  strings:
    $a = "NOTICE %s :"
    $b = "PRIVMSG %s :"
    $c = "NICK %s"
    $d = "JOIN %s :"
    $e = "GETSPOOFS"
    $f = "TSUNAMI"
    $g = "UNKNOWN <target>"
    $h = "UDP <target>"
    $i = "PAN <target>"
    $j = "KILLALL"
  condition:
    filesize < 4MB and
    uint32(0) == 0x464c457f and 2 of ($a, $b, $c, $d) and 2 of ($e, $f, $g, $h, $i, $j)
}

rule elf_flood_bot {
  meta:
    description = "A program with the names of many kinds of flood"
    severity = "malicious"
    role = "bot"
    area = "malware"
    false_positives = "tools for load tests"
  strings:
    $a = "synflood" nocase
    $b = "udpflood" nocase
    $c = "ackflood" nocase
    $d = "httpflood" nocase
    $e = "dnsflood" nocase
    $f = "attack_" 
    $g = "icmpflood" nocase
    $h = "/proc/self/exe"
  condition:
    whole_size < 6MB and
    uint32(0) == 0x464c457f and 3 of ($a, $b, $c, $d, $e, $g) and 1 of ($f, $h)
}

rule elf_cron_hourly_bot {
  meta:
    description = "A bot that comes back by an hourly job and a false library"
    severity = "malicious"
    role = "bot"
    area = "malware"
    false_positives = "none known"
  strings:
    $a = "/etc/cron.hourly/"
    $b = "/lib/libudev.so"
    $c = "/proc/net/dev"
    $d = "*/3 * * * * root"
    $e = "/etc/init.d/%s"
  condition:
    filesize < 4MB and
    uint32(0) == 0x464c457f and 3 of them
}

rule elf_preload_rootkit {
  meta:
    description = "A library that hides files and processes from all programs"
    severity = "malicious"
    role = "backdoor"
    area = "malware"
    false_positives = "none known"
  strings:
    $a = "ld.so.preload"
    $b = "readdir64"
    $c = "dlsym"
    $d = "/proc/self/fd/%d"
    $e = "/proc/net/tcp"
    $v = "GLIBC_PRIVATE"
  condition:
    filesize < 1MB and
    uint32(0) == 0x464c457f and all of ($a, $b, $c) and 1 of ($d, $e) and not $v
}

rule elf_process_hider {
  meta:
    description = "A library that leaves a process out of listings"
    severity = "suspicious"
    role = "backdoor"
    area = "malware"
    false_positives = "tools of container builders"
  strings:
    $b = "readdir64"
    $c = "dlsym"
    $d = "/proc/self/fd/%d"
    $e = "/proc/%s/stat"
    $f = "/proc/%s/cmdline"
  condition:
    filesize < 200KB and
    uint32(0) == 0x464c457f and $b and $c and 2 of ($d, $e, $f)
}

rule elf_sshd_backdoor {
  meta:
    description = "An SSH program that writes down the passwords it sees"
    severity = "malicious"
    role = "backdoor"
    area = "malware"
    false_positives = "none known"
  strings:
    $a = "OpenSSH_"
    $b = /(user|login|usr)[ :=]{1,3}%s[ \t,:|]{1,4}(pass|password|pwd)[ :=]{1,3}%s/i
    $c = "keyboard-interactive"
  condition:
    whole_size < 6MB and
    uint32(0) == 0x464c457f and all of them
}

rule elf_pam_backdoor {
  meta:
    description = "A log-in module that writes down passwords"
    severity = "suspicious"
    role = "backdoor"
    area = "malware"
    false_positives = "modules of the provider"
  strings:
    $a = "pam_sm_authenticate"
    $b = /(%s:%s|%s %s)\n?\x00/i
    $c = /\/(tmp|var\/tmp|dev\/shm|usr\/include|usr\/share|var\/log)\/\.[A-Za-z0-9_.-]{1,30}\x00/i
  condition:
    filesize < 1MB and
    uint32(0) == 0x464c457f and all of them
}

rule elf_kernel_rootkit {
  meta:
    description = "A kernel module that hides files or processes"
    severity = "suspicious"
    role = "backdoor"
    area = "malware"
    false_positives = "modules for tracing"
  strings:
    $a = "vermagic="
    $b = "kallsyms_lookup_name"
    $c = "getdents64"
    $d = /(hide_|hidden|hook_)[a-z_]{2,20}/i
    $e = "tcp4_seq_show"
  condition:
    filesize < 2MB and
    uint32(0) == 0x464c457f and $a and $b and $c and 1 of ($d, $e)
}

rule elf_residential_proxy {
  meta:
    description = "A program that lends this server's address to strangers"
    severity = "suspicious"
    role = "proxy"
    area = "malware"
    false_positives = "programs that the owner installed for money"
  strings:
    $a = "pawns" nocase
    $b = "traffmonetizer" nocase
    $c = "earnapp" nocase
    $d = "repocket" nocase
    $e = "peer2profit" nocase
    $f = "honeygain" nocase
    $g = "socks5" nocase
    $h = "proxy" nocase
  condition:
    whole_size < 8MB and
    uint32(0) == 0x464c457f and 1 of ($a, $b, $c, $d, $e, $f) and 1 of ($g, $h)
}

rule elf_upx_packed {
  meta:
    description = "A program that is packed with UPX: its content cannot be seen"
    severity = "note"
    role = "packed"
    area = "malware"
    false_positives = "packed programs of honest vendors"
  strings:
    $a = "UPX!"
  condition:
    filesize < 30MB and
    uint32(0) == 0x464c457f and $a in (0..1024)
}

rule elf_reverse_shell {
  meta:
    description = "A very small program that connects out and starts a shell"
    severity = "suspicious"
    role = "shell"
    area = "malware"
    false_positives = "none known"
  strings:
    $a = "/bin/sh"
    $b = "connect"
    $c = "dup2"
    $d = "socket"
    $e = "inet_addr"
    $f = "execve"
    $g = "execl"
    $v = "GLIBC_PRIVATE"
  condition:
    filesize < 30KB and
    uint32(0) == 0x464c457f and all of ($a, $b, $c, $d, $e) and 1 of ($f, $g) and not $v
}
