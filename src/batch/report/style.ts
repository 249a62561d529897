/** The look of a report, by day and by night. */
export const REPORT_STYLE = `
:root{color-scheme:light dark;--ground:#f4f3ef;--surface:#fffefb;--line:#dedbd2;--text:#22262d;--muted:#626a76;--s0:#335fae;--s1:#b4562a;--s2:#2f7d57;--bad:#ad3b31}
@media(prefers-color-scheme:dark){:root{--ground:#0d1117;--surface:#131922;--line:#262f3c;--text:#dde3ec;--muted:#8d98a8;--s0:#8db0f2;--s1:#f0a878;--s2:#7fcfa3;--bad:#f0958b}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1000px;padding:28px 20px 40px;background:var(--ground);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}
h1{margin:0;font-size:24px;overflow-wrap:anywhere}
header p{margin:2px 0 18px;color:var(--muted)}
section,.figures{margin:0 0 14px;padding:14px 18px;background:var(--surface);border:1px solid var(--line);border-radius:10px}
h2{margin:0 0 8px;font-size:16px}
h2 small{font-weight:normal;color:var(--muted);font-size:13px}
.quiet{font-weight:normal;font-size:13px;color:var(--muted)}
h2 .quiet{margin-left:10px}
.figures{display:flex;flex-wrap:wrap;gap:8px 36px}
.figures dt{font-size:12px;color:var(--muted)}
.figures dd{margin:0;font-size:21px;font-variant-numeric:tabular-nums}
svg{display:block;width:100%;height:auto}
svg text{font-size:11.5px;fill:var(--muted);font-variant-numeric:tabular-nums}
.grid{stroke:var(--line);fill:none}
.line{fill:none;stroke-width:1.2;opacity:.45}
.dots{fill:none;stroke-width:4;stroke-linecap:round}
.s0 circle{fill:var(--s0)}.s1 circle{fill:var(--s1)}.s2 circle{fill:var(--s2)}
.s0 path{stroke:var(--s0)}.s1 path{stroke:var(--s1)}.s2 path{stroke:var(--s2)}
.key{margin-left:14px;font-size:13px;font-weight:normal}
.key::before{content:"";display:inline-block;width:10px;height:10px;margin-right:5px;border-radius:5px;background:currentColor}
.key.s0{color:var(--s0)}.key.s1{color:var(--s1)}.key.s2{color:var(--s2)}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:13px;font-variant-numeric:tabular-nums}
th{text-align:left;font-weight:normal;color:var(--muted)}
th,td{padding:4px 14px 4px 0;border-bottom:1px solid var(--line);white-space:nowrap;vertical-align:top}
td.words{white-space:normal;min-width:180px}
@media(max-width:640px){section svg{overflow:visible}svg text{font-size:24px}svg .time:nth-of-type(even){display:none}circle{r:4px}.dots{stroke-width:7}}
footer{margin-top:18px;font-size:13px;color:var(--muted)}
@media print{body{max-width:none;background:#fff}section,.figures{break-inside:avoid}}
`.trim();
