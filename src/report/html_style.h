// SPDX-License-Identifier: Apache-2.0
// report/html_style.h — the style sheet of the page. The Content-Security-Policy names its hash.
#pragma once

#include "report/html_page.h"

namespace abate::report {

// Colours: each word on its ground has a contrast of 4.5 or more, light and dark (tests/journeys look at it with axe).
inline constexpr HtmlPage::Word kStyle = R"(
:root{color-scheme:light dark;--paper:#f6f7f9;--card:#fff;--ink:#1c2430;--soft:#556070;--line:#d9dee5;--link:#0b5c8a;
--code:#eef1f5;--act:#b3261e;--careful:#8a5700;--good:#1d6b3c;--door:#0b5c8a;--note:#59636f;--wash-act:#fdecea;
--wash-careful:#fdf3e0;--wash-good:#e7f5ec}
@media (prefers-color-scheme:dark){:root{--paper:#12161c;--card:#1b212a;--ink:#e8ecf1;--soft:#a7b1be;--line:#343d49;
--link:#7cc4f2;--code:#252d38;--act:#ff8a80;--careful:#f2b950;--good:#7bd49c;--door:#7cc4f2;--note:#a7b1be;
--wash-act:#3a1d1c;--wash-careful:#352a14;--wash-good:#16301f}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",
"DejaVu Sans",sans-serif;overflow-wrap:anywhere}
.wide{max-width:62rem;margin:0 auto;padding:0 1rem}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:2px}
.skip{position:absolute;left:-999rem;top:0;background:var(--card);padding:.5rem 1rem;z-index:1}
.skip:focus{left:0}
header{padding:1.75rem 0 0}
.brand{margin:0 0 1rem;color:var(--soft);font-size:.9rem}
.brand strong{color:var(--ink);letter-spacing:.02em}
.verdict{border-left:6px solid var(--good);background:var(--wash-good);border-radius:0 .5rem .5rem 0;padding:1.1rem 1.25rem}
.verdict.act{border-color:var(--act);background:var(--wash-act)}
.verdict.careful{border-color:var(--careful);background:var(--wash-careful)}
h1{font-size:1.65rem;line-height:1.25;margin:0;text-wrap:balance}
.verdict p{margin:.5rem 0 0}
h2{font-size:1.3rem;line-height:1.3;margin:2.5rem 0 .75rem}
h3{font-size:1.08rem;margin:1.6rem 0 .6rem}
h4{font-size:1rem;margin:0 0 .35rem;line-height:1.4}
p{margin:.4rem 0}
ul,ol{margin:.4rem 0;padding-left:1.4rem}
li{margin:.25rem 0}
.tally{display:grid;grid-template-columns:repeat(4,1fr);gap:.75rem;list-style:none;padding:0;margin:1rem 0 0}
.tally li{background:var(--card);border:1px solid var(--line);border-top:4px solid var(--note);border-radius:.5rem;
padding:.55rem .8rem;margin:0;line-height:1.3}
.tally .number{display:block;font-size:1.6rem;font-weight:650;font-variant-numeric:tabular-nums}
.tally .malicious{border-top-color:var(--act)}.tally .suspicious{border-top-color:var(--careful)}
.tally .weak{border-top-color:var(--door)}
.tally .none{border-top-color:var(--line);color:var(--soft)}
.tally small{display:block;color:var(--soft);font-size:.82rem}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.35rem 1.25rem;padding:0;margin:1.1rem 0 0;font-size:.95rem}
nav li{margin:0}
nav a{display:inline-block;padding:.2rem 0}
.card{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:1rem 1.15rem;margin:.75rem 0}
.card>:last-child,.places>li>:last-child{margin-bottom:0}
.card>:first-child{margin-top:0}
.story h3{margin:0}
.story p{margin:.2rem 0}
.next li{margin:.45rem 0;padding-left:.25rem}
.pill{display:inline-block;border:1.5px solid;border-radius:1rem;padding:0 .6rem;font-size:.8rem;font-weight:650;
line-height:1.55;margin-right:.5rem;white-space:nowrap;vertical-align:.08em}
.pill.malicious{color:var(--act)}.pill.suspicious{color:var(--careful)}.pill.weak{color:var(--door)}
.pill.note{color:var(--note)}
.soft,.where small,.meta{color:var(--soft)}
.meta{font-size:.9rem}
h4 code{font-weight:400;font-size:.8rem;margin-left:.5rem}
code,.excerpt{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.86em}
code{background:var(--code);border-radius:.25rem;padding:.05em .3em}
.places{list-style:none;padding:0;margin:.6rem 0 0}
.places>li{border-top:1px solid var(--line);padding:.6rem 0 .1rem;margin:0}
details{margin:.35rem 0}
summary{cursor:pointer;color:var(--link);padding:.15rem 0;width:fit-content;max-width:100%}
.excerpts{list-style:none;padding:0;margin:.35rem 0}
.excerpt{display:block;background:var(--code);border-radius:.3rem;padding:.4rem .6rem;margin:.3rem 0;white-space:pre-wrap}
.story{list-style:none;padding:0;margin:0}
.story>li{position:relative;padding:0 0 1.1rem 1.9rem;margin:0}
.story>li::before{content:"";position:absolute;left:.3rem;top:.4rem;width:.8rem;height:.8rem;border-radius:50%;
background:var(--careful)}
.story>li::after{content:"";position:absolute;left:.65rem;top:1.4rem;bottom:-.25rem;width:2px;background:var(--line)}
.story>li:last-child{padding-bottom:0}.story>li:last-child::after{display:none}
.story>.entry::before,.story>.harm::before{background:var(--act)}
.story .when{display:block;color:var(--soft);font-size:.88rem}
.story .reasons{color:var(--soft);font-size:.92rem}
figure{margin:1rem 0}
figcaption{color:var(--soft);font-size:.9rem;margin:0 0 .5rem}
svg{display:block;width:100%;height:auto}
.only-narrow{display:none}
svg text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif;fill:var(--soft)}
svg .lane{fill:var(--ink)}
svg .rail{stroke:var(--line);stroke-width:1}
svg .gap{stroke:var(--soft);stroke-width:1.5;fill:none}
svg .dot{fill:var(--note);stroke:var(--card);stroke-width:1.5}
svg .dot.act{fill:var(--act)}svg .dot.careful{fill:var(--careful)}svg .dot.door{fill:var(--door)}
svg .count{fill:var(--card);font-weight:650;font-size:10px;text-anchor:middle}
.events{list-style:none;padding:0;font-size:.93rem}
.events li{border-top:1px solid var(--line);padding:.35rem 0;margin:0}
.events time{display:inline-block;min-width:12.5em;color:var(--soft);font-variant-numeric:tabular-nums}
.intruder{color:var(--act);font-weight:650}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1.1rem;margin:.5rem 0}
dt{color:var(--soft)}
dd{margin:0}
.warning{border-left:5px solid var(--careful);background:var(--wash-careful);padding:.6rem .9rem;border-radius:0 .4rem .4rem 0}
footer{margin:2.75rem 0 0;border-top:1px solid var(--line);color:var(--soft);font-size:.9rem;padding:1rem 0 2.5rem}
@media (max-width:40rem){h1{font-size:1.35rem}h2{margin-top:2rem}.tally{grid-template-columns:1fr 1fr}.only-wide{display:none}
.only-narrow{display:block}.card{padding:.85rem .9rem}dl{grid-template-columns:1fr;gap:0}dd{margin:0 0 .5rem}
.events time{display:block}header{padding-top:1rem}}
@media print{:root{--paper:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--link:#000;--code:#f2f2f2}
body{font-size:10.5pt}nav,.skip{display:none}.card,.places>li,.story>li{break-inside:avoid}h2,h3{break-after:avoid}
.wide{max-width:none;padding:0}.excerpt{border:1px solid #ccc}}
)";

}  // namespace abate::report
