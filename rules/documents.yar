// SPDX-License-Identifier: Apache-2.0
// Rules of Abate; see docs/rules.md. A test compiles them and holds them against honest files.
rule office_macro_runs {
  meta:
    description = "A document whose macro runs by itself and starts programs"
    severity = "suspicious"
    role = "dropper"
    area = "malware"
    false_positives = "forms of companies"
  strings:
    $a = /(Auto_?Open|Document_Open|Workbook_Open|AutoExec)/i
    $b = /(WScript\.Shell|Shell[ \t]*\(|powershell|URLDownloadToFile|CreateObject)/i
  condition:
    filesize < 4MB and
    uint32(0) == 0xe011cfd0 and all of them
}

rule pdf_runs_script {
  meta:
    description = "A PDF that runs a script when it is opened"
    severity = "suspicious"
    role = "dropper"
    area = "malware"
    false_positives = "forms with checks"
  strings:
    $a = /\/(OpenAction|AA)\b/
    $b = /\/(JavaScript|JS)[ \t(<]/
  condition:
    filesize < 4MB and
    uint32(0) == 0x46445025 and all of them
}

rule pdf_starts_program {
  meta:
    description = "A PDF that starts a program"
    severity = "suspicious"
    role = "dropper"
    area = "malware"
    false_positives = "none known"
  strings:
    $a = /\/Launch\b/
    $b = /\/F[ \t]*\([^)]{0,80}(cmd\.exe|powershell|mshta|wscript)/i
  condition:
    filesize < 4MB and
    uint32(0) == 0x46445025 and all of them
}

rule rtf_equation_object {
  meta:
    description = "A text document with an embedded object that old Office runs"
    severity = "suspicious"
    role = "dropper"
    area = "malware"
    false_positives = "old formulas"
  strings:
    $a = "{\\rt" nocase
    $b = "\\objdata" nocase
    $c = /(equation\.3|0002ce02000000000000c000000000000046)/i
  condition:
    filesize < 4MB and
    $a in (0..8) and all of them
}

rule html_smuggled_program {
  meta:
    description = "A page that builds a Windows program in the browser"
    severity = "suspicious"
    role = "dropper"
    area = "malware"
    false_positives = "none known"
  strings:
    $a = /(atob[ \t]*\(|base64)/i
    $b = /(msSaveOrOpenBlob|createObjectURL)/i
    $c = /[\'"](TVqQAA|UEsDBB)[A-Za-z0-9+\/=]{40,}/i
    $d = /\.download[ \t]*=|msSave/i
  condition:
    filesize < 4MB and
    all of them
}

rule office_macro_stored_packed {
  meta:
    description = "A document whose macro runs by itself and fetches or starts programs; its text is stored packed"
    severity = "suspicious"
    role = "dropper"
    area = "malware"
    false_positives = "forms of companies"
  strings:
    $vba = /Attribut.?e VB_Nam/s private
    // Each eight letters of a packed macro follow a byte that says how they are packed.
    $open = /(A.?u.?t.?o.?_?.?O.?p.?e.?n|D.?o.?c.?u.?m.?e.?n.?t.?_.?O.?p.?e.?n|W.?o.?r.?k.?b.?o.?o.?k.?_.?O.?p.?e.?n)/s
    $does = /(p.?o.?w.?e.?r.?s.?h.?e.?l.?l|U.?R.?L.?D.?o.?w.?n.?l.?o.?a.?d|W.?S.?c.?r.?i.?p.?t.?\..?S.?h.?e.?l.?l|m.?s.?h.?t.?a)/is
  condition:
    filesize < 4MB and
    uint32(0) == 0xe011cfd0 and all of them
}

rule office_template_from_outside {
  meta:
    description = "A document that fetches its template, and the macros in it, from another server"
    severity = "suspicious"
    role = "dropper"
    area = "malware"
    false_positives = "templates on a company's own server"
  strings:
    $head = "<Relationship" private
    $template = /attachedTemplate"[^>]{1,200}Target="https?:\/\/[^"]{1,300}"/
    $outside = "TargetMode=\"External\""
  condition:
    filesize < 100KB and all of them
}
