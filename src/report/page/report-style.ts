/**
 * The only style of the report page, to the letter what stands in its one `<style>` element: hash it for the CSP.
 * Colours meet WCAG 2.2 AA (4.5 : 1 for text) in both schemes.
 */
export const REPORT_PAGE_STYLE = `
:root{color-scheme:light dark;--bg:#f3f5f8;--card:#fff;--soft:#f6f8fa;--text:#18212c;--muted:#535f6d;--line:#dde3ea;--accent:#0b57d0;
--critical:#b3261e;--critical-soft:#fdecea;--urgent:#a3420b;--urgent-soft:#fdf0e7;--attention:#815500;--attention-soft:#fdf5e0;
--healthy:#1a6b3b;--healthy-soft:#e7f5ec;--unknown:#55606e;--unknown-soft:#edf0f3;--track:#e3e8ee;--cache:#9db8e8}
@media(prefers-color-scheme:dark){:root{--bg:#0e1318;--card:#171e26;--soft:#1d2630;--text:#e7ecf1;--muted:#a3afbc;--line:#2b3642;--accent:#8ab4f8;
--critical:#ff9a90;--critical-soft:#3a1d1b;--urgent:#ffb185;--urgent-soft:#392317;--attention:#f3c05f;--attention-soft:#332a16;
--healthy:#78d69a;--healthy-soft:#17301f;--unknown:#b1bcc8;--unknown-soft:#252e38;--track:#2b3642;--cache:#41598a}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}
@media(prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--bg);color:var(--text);font:15px/1.6 system-ui,-apple-system,"Segoe UI","PingFang SC","Microsoft YaHei","Noto Sans SC","Noto Sans CJK SC","WenQuanYi Micro Hei",sans-serif;overflow-wrap:break-word}
h1,h3,.finding p,dd,li,pre,.where,code{overflow-wrap:anywhere}.hero>div,.cols>div,dd{min-width:0}
a{color:var(--accent);text-underline-offset:2px}
a:focus-visible,summary:focus-visible,.scroll:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
.skip{position:absolute;left:-999px}.skip:focus{left:12px;top:8px;background:var(--card);padding:4px 10px;z-index:1}
.page{max-width:1080px;margin:0 auto;padding:0 20px 48px}
.top{display:flex;flex-wrap:wrap;gap:4px 16px;align-items:baseline;padding:16px 0 14px}
.top .brand{font-weight:700}.top .meta{color:var(--muted);font-size:13px;flex:1}
.card,.hero{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:20px 22px;margin:0 0 16px}
.hero{display:grid;grid-template-columns:auto 1fr;gap:8px 26px;align-items:center;border-left-width:6px}
.hero.critical{border-left-color:var(--critical)}.hero.attention{border-left-color:var(--attention)}
.hero.healthy{border-left-color:var(--healthy)}.hero.unknown{border-left-color:var(--unknown)}
.hero svg{width:124px;height:124px}.hero h1{font-size:26px;line-height:1.3;margin:2px 0 10px}
.hero p{margin:5px 0}.lead b{margin-right:6px}
.ring{fill:none;stroke-width:11}.ring.critical{stroke:var(--critical)}.ring.attention{stroke:var(--attention)}.ring.healthy{stroke:var(--healthy)}.ring.unknown{stroke:var(--unknown)}.ring.track{stroke:var(--track)}
.hero svg text{fill:var(--text);font-size:25px;font-weight:700;text-anchor:middle}.hero svg .of{font-size:12px;font-weight:400;fill:var(--muted)}.ring.check{stroke:var(--healthy);stroke-width:8;stroke-linecap:round;stroke-linejoin:round}

.card>:last-child,.cols>div>:last-child{margin-bottom:0}h2{font-size:18px;margin:0 0 12px;line-height:1.35}h3{font-size:15px;margin:20px 0 8px}h3:first-child{margin-top:0}
.areas{list-style:none;display:grid;grid-template-columns:repeat(auto-fit,minmax(128px,1fr));gap:10px;padding:0;margin:0 0 16px}
.areas li{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:11px 13px;font-size:13px}
.areas b{display:block;font-size:14px}.areas .note{color:var(--muted);display:block}
.badge{display:inline-block;border-radius:99px;padding:0 9px;font-size:12.5px;font-weight:600;line-height:21px;white-space:nowrap}
.badge.critical{color:var(--critical);background:var(--critical-soft)}.badge.urgent{color:var(--urgent);background:var(--urgent-soft)}
.badge.attention,.badge.warning{color:var(--attention);background:var(--attention-soft)}
.badge.healthy{color:var(--healthy);background:var(--healthy-soft)}.badge.unknown,.badge.info{color:var(--unknown);background:var(--unknown-soft)}
.finding{border-top:1px solid var(--line);padding:13px 0}.finding:first-of-type{border-top:0;padding-top:0}.finding:last-child{padding-bottom:0}
.finding h3{margin:0 0 3px;font-size:15.5px;font-weight:600}.finding p{margin:3px 0}.where{font-size:13px;color:var(--muted)}
.finding dl,.facts{display:grid;grid-template-columns:auto 1fr;gap:3px 12px;margin:5px 0 0}dt{color:var(--muted);white-space:nowrap}dd{margin:0}
.ev{font-size:12px;text-decoration:none;border:1px solid var(--line);border-radius:5px;padding:0 5px;white-space:nowrap}
.scroll{overflow-x:auto;margin:0 0 4px}
table{border-collapse:collapse;width:100%;font-size:13.5px}td .where,td code{overflow-wrap:normal}td:first-child{min-width:86px}
th,td{text-align:left;padding:6px 12px 6px 0;border-bottom:1px solid var(--line);vertical-align:top}
th{color:var(--muted);font-weight:500;white-space:nowrap}tr:last-child td{border-bottom:0}
td.num,th.num{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}td.text{min-width:170px}td.time{white-space:nowrap}td.cmd{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:12.5px;min-width:170px}
.bar{display:block;width:100%;min-width:90px;height:9px;border-radius:5px;overflow:hidden}td.wide{width:26%;padding-top:13px}
.bar.tall{height:16px;border-radius:8px}.bar .t{fill:var(--track)}.bar .c{fill:var(--cache)}.bar .healthy{fill:var(--healthy)}.bar .attention{fill:var(--attention)}.bar .critical{fill:var(--critical)}
.legend{display:flex;flex-wrap:wrap;gap:2px 18px;font-size:13px;color:var(--muted);margin:6px 0 10px}
.legend svg{width:11px;height:11px;margin-right:6px;border-radius:3px;vertical-align:-1px}.legend .t{fill:var(--track)}.legend .c{fill:var(--cache)}.legend .healthy{fill:var(--healthy)}.legend .attention{fill:var(--attention)}.legend .critical{fill:var(--critical)}
.slots{list-style:none;padding:0;margin:0 0 8px;display:grid;grid-template-columns:repeat(auto-fill,minmax(132px,1fr));gap:8px}
.slots li{border:1px solid var(--line);border-left:4px solid var(--accent);border-radius:8px;padding:6px 9px;font-size:12.5px;line-height:1.45;background:var(--soft)}
.slots li.empty{border:1px dashed var(--line);background:none;color:var(--muted)}.slots li.bad{border-left-color:var(--critical)}
.slots b{display:block;font-size:14px}.slots .at{color:var(--muted)}
details{border-top:1px solid var(--line);padding:8px 0}details:first-of-type{border-top:0}summary{cursor:pointer}summary .where{margin-left:6px}
pre{margin:8px 0 4px;padding:11px 13px;background:var(--soft);border:1px solid var(--line);border-radius:8px;overflow-x:auto;font:12.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"WenQuanYi Micro Hei Mono",monospace;white-space:pre}
code{font:12.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;background:var(--soft);border:1px solid var(--line);border-radius:5px;padding:1px 5px}
:target{outline:2px solid var(--accent);outline-offset:4px;border-radius:8px}
.plain{margin:0;padding:0 0 0 20px}.plain li{margin:4px 0}.muted{color:var(--muted)}.small{font-size:13px}
.cols{margin-top:18px;display:grid;grid-template-columns:repeat(2,1fr);gap:0 28px}
.wait{text-align:center;padding:64px 24px}.wait h1{font-size:24px;margin:0 0 10px}
footer{color:var(--muted);font-size:13px;padding:8px 2px}
@media(max-width:900px){.areas{grid-template-columns:repeat(3,1fr)}.cols{grid-template-columns:1fr;gap:18px}}
@media(max-width:560px){.page{padding:0 12px 32px}.card,.hero{padding:16px 15px;border-radius:12px}.hero{grid-template-columns:1fr;gap:10px}.hero svg{width:96px;height:96px}
.hero h1{font-size:21px}.top .meta{order:3;flex-basis:100%}.top{justify-content:space-between}.areas{grid-template-columns:1fr 1fr;gap:8px}.finding dl,.facts{grid-template-columns:1fr;gap:0}.finding dt,.facts dt{font-size:12.5px;margin-top:4px}td.wide{width:auto}}
@media print{body{background:#fff}.card,.hero{break-inside:avoid}}
`
