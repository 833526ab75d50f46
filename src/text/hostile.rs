//! Texts that were made to do harm, and what may come out of them: judged by lists of their own, not by those of the sanitiser.

use std::{collections::HashMap, time::Duration};

use rustix::time::{ClockId, clock_gettime};

use proptest::prelude::*;
use scraper::{Html, Node};

use super::{markdown, sanitise};

/// What a post may show: an element and its own attributes, beside class, dir, id, lang and title.
const POST: &[(&str, &[&str])] = &[
    ("a", &["data-player", "href", "rel", "aria-hidden", "tabindex", "hreflang"]),
    ("abbr", &[]),
    ("aside", &[]),
    ("b", &[]),
    ("bdi", &[]),
    ("bdo", &[]),
    ("blockquote", &["cite"]),
    ("br", &[]),
    ("caption", &[]),
    ("cite", &[]),
    ("code", &[]),
    ("col", &["span"]),
    ("colgroup", &["span"]),
    ("dd", &[]),
    ("del", &["cite", "datetime"]),
    ("details", &["open"]),
    ("dfn", &[]),
    ("div", &["tabindex"]),
    ("dl", &[]),
    ("dt", &[]),
    ("em", &[]),
    ("figcaption", &[]),
    ("figure", &[]),
    ("h2", &[]),
    ("h3", &[]),
    ("h4", &[]),
    ("h5", &[]),
    ("h6", &[]),
    ("hr", &[]),
    ("i", &[]),
    ("img", &["src", "alt", "width", "height", "loading", "decoding", "fetchpriority"]),
    ("ins", &["cite", "datetime"]),
    ("kbd", &[]),
    ("li", &["value"]),
    ("mark", &[]),
    ("ol", &["start", "reversed"]),
    ("p", &[]),
    ("pre", &["tabindex"]),
    ("q", &["cite"]),
    ("rp", &[]),
    ("rt", &[]),
    ("ruby", &[]),
    ("s", &[]),
    ("samp", &[]),
    ("section", &[]),
    ("small", &[]),
    ("span", &[]),
    ("strong", &[]),
    ("sub", &[]),
    ("summary", &[]),
    ("sup", &[]),
    ("table", &[]),
    ("tbody", &[]),
    ("td", &["colspan", "rowspan"]),
    ("tfoot", &[]),
    ("th", &["colspan", "rowspan", "scope"]),
    ("thead", &[]),
    ("time", &["datetime"]),
    ("tr", &[]),
    ("u", &[]),
    ("ul", &[]),
    ("var", &[]),
    ("video", &["controls", "preload", "src"]),
    ("wbr", &[]),
];

/// What a comment may show, with nothing beside it.
const COMMENT: &[(&str, &[&str])] = &[
    ("a", &["href", "rel"]),
    ("blockquote", &[]),
    ("br", &[]),
    ("code", &[]),
    ("del", &[]),
    ("em", &[]),
    ("li", &[]),
    ("ol", &["start"]),
    ("p", &[]),
    ("pre", &["tabindex"]),
    ("strong", &[]),
    ("ul", &[]),
];

/// What is wrong with `html`, as a browser's parser sees it.
fn fault(html: &str, elements: &[(&str, &[&str])]) -> Option<String> {
    let post = elements.len() == POST.len();
    let tree = Html::parse_fragment(html);
    for node in tree.tree.nodes() {
        let element = match node.value() {
            // The parser's own; a tag of this name in the text could only give it attributes.
            Node::Element(element) if ["html", "body"].contains(&element.name()) && element.attrs().count() == 0 => {
                continue;
            }
            Node::Element(element) => element,
            Node::Text(text) if text.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\t')) => {
                return Some(format!("control character in {:?}", &**text));
            }
            Node::Text(_) | Node::Fragment => continue,
            other => return Some(format!("{other:?}")),
        };
        let name = element.name();
        let Some((_, own)) = elements.iter().find(|(known, _)| *known == name) else {
            return Some(format!("element {name}"));
        };
        for (attribute, value) in element.attrs() {
            let shared = post && ["class", "dir", "id", "lang", "title"].contains(&attribute);
            let right =
                (shared || own.contains(&attribute))
                    && match attribute {
                        "href" if post => address_of(value)
                            .is_none_or(|scheme| ["http", "https", "mailto"].contains(&scheme.as_str())),
                        "href" => address_of(value)
                            .is_some_and(|scheme| ["http", "https", "mailto"].contains(&scheme.as_str())),
                        "cite" => address_of(value).is_some_and(|scheme| ["http", "https"].contains(&scheme.as_str())),
                        // From this host: neither a scheme nor a host of its own, however it is spelled.
                        "src" => {
                            let seen = seen(value);
                            address_of(value).is_none() && !seen.starts_with("//") && !seen.is_empty()
                        }
                        "id" => {
                            value.starts_with("p1-")
                                && !value.contains(|c: char| !c.is_ascii_graphic() || "\"'<>&".contains(c))
                        }
                        "class" => value.split(' ').all(|class| {
                            class.starts_with("language-")
                                || (class.len() == 2 && class.starts_with('h'))
                                || [
                                    "anchor",
                                    "center",
                                    "display",
                                    "elsewhere",
                                    "fn",
                                    "fn-back",
                                    "footnotes",
                                    "gallery",
                                    "left",
                                    "math",
                                    "right",
                                    "table",
                                    "task",
                                    "video",
                                ]
                                .contains(&class)
                        }),
                        "rel" if post => value.split(' ').all(|word| word.chars().all(|c| c.is_ascii_lowercase())),
                        "rel" => value == "nofollow ugc noopener",
                        "dir" => ["ltr", "rtl", "auto"].contains(&value),
                        "tabindex" => ["0", "-1"].contains(&value),
                        "width" | "height" | "colspan" | "rowspan" | "start" | "value" | "span" => {
                            value.parse::<u32>().is_ok()
                        }
                        _ => true,
                    };
            if !right {
                return Some(format!("{name} {attribute}={value:?}"));
            }
        }
        if !post && name == "a" && element.attr("rel").is_none() {
            return Some("a link without rel".into());
        }
    }
    None
}

/// An address as a browser reads it: without controls and spaces around it, tabs and line breaks in it, slashes in one direction.
fn seen(address: &str) -> String {
    let trimmed = address.trim_matches(|c: char| c <= ' ');
    trimmed.replace(['\t', '\n', '\r'], "").replace('\\', "/")
}

/// The scheme of `address` as a browser would find it.
fn address_of(address: &str) -> Option<String> {
    let seen = seen(address);
    let (scheme, _) = seen.split_once(':')?;
    let valid = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    valid.then(|| scheme.to_ascii_lowercase())
}

/// `html` without its formulas, which come after the sanitiser, and they.
fn parted(html: &str) -> (String, Vec<String>) {
    let (mut outside, mut formulas) = (String::new(), Vec::new());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once("<math") {
        let (formula, after) = after.split_once("</math>").expect("a formula ends");
        outside.push_str(before);
        formulas.push(format!("<math{formula}</math>"));
        rest = after;
    }
    (outside + rest, formulas)
}

/// What is wrong with a formula.
fn formula_fault(html: &str) -> Option<String> {
    let tree = Html::parse_fragment(html);
    let mut written = 0;
    for node in tree.tree.nodes() {
        let Node::Element(element) = node.value() else { continue };
        if ["html", "body"].contains(&element.name()) {
            continue;
        }
        written += 1;
        let is_math = element.name().starts_with('m') && element.name() != "maction" && element.name() != "mglyph";
        let is_plain = element.attrs().all(|(name, value)| {
            name.bytes().all(|byte| byte.is_ascii_lowercase())
                && !["style", "href", "src", "id"].contains(&name)
                && !name.starts_with("on")
                && value.len() < 25
        });
        if !is_math || !is_plain {
            return Some(format!("in a formula: {element:?}"));
        }
    }
    // Nothing in it ended the formula for a browser's parser.
    (written != html.matches("</").count()).then(|| "a formula that a parser reads otherwise".to_owned())
}

/// Renders `source` as a post and as a comment, and says what is wrong with either.
fn judge(source: &str) -> Result<(), String> {
    if let Ok(post) = markdown::post(source, &HashMap::new(), "p1") {
        for html in [Some(&post.html), post.lead.as_ref()].into_iter().flatten() {
            let (html, formulas) = parted(html);
            if let Some(fault) = fault(&html, POST).or_else(|| formulas.iter().find_map(|one| formula_fault(one))) {
                return Err(format!("post {source:?} gives {html:?} and {formulas:?}: {fault}"));
            }
            let again = sanitise::post_html(&html);
            if again != html {
                return Err(format!("post {source:?} gives {html:?}, then {again:?}"));
            }
        }
    }
    if let Ok(html) = markdown::comment(source) {
        if let Some(fault) = fault(&html, COMMENT) {
            return Err(format!("comment {source:?} gives {html:?}: {fault}"));
        }
        let again = sanitise::comment_html(&html);
        if again != html {
            return Err(format!("comment {source:?} gives {html:?}, then {again:?}"));
        }
    }
    Ok(())
}

/// Addresses that run a script in one browser or another, or would be taken for harmless.
const ADDRESSES: &[&str] = &[
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "\u{1}javascript:alert(1)",
    "\u{1f}\u{20}javascript:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "java\rscript:alert(1)",
    "java\0script:alert(1)",
    "java\u{1}script:alert(1)",
    "java\u{ad}script:alert(1)",
    "javascript\t:alert(1)",
    "javascript&colon;alert(1)",
    "javascript&#58;alert(1)",
    "javascript&#x3a;alert(1)",
    "javascript&#0000058alert(1)",
    "&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)",
    "&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1)",
    "java&Tab;script:alert(1)",
    "java&NewLine;script:alert(1)",
    "java&#9;script:alert(1)",
    "java&#10;script:alert(1)",
    "java&#13;script:alert(1)",
    "java&#1;script:alert(1)",
    "&#1;javascript:alert(1)",
    "&#x0;javascript:alert(1)",
    "java&#0;script:alert(1)",
    "java&#xfffe;script:alert(1)",
    "javascript&amp;colon;alert(1)",
    "java\\script:alert(1)",
    "javascript\\:alert(1)",
    "javascript%3Aalert(1)",
    "javascript://x.example/%0aalert(1)",
    "javascript:alert(1)//http://x.example",
    "vbscript:msgbox(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "data:image/svg+xml,<svg onload=alert(1)>",
    "DATA:text/html,x",
    "feed:javascript:alert(1)",
    "view-source:javascript:alert(1)",
    "blob:https://x.example/1",
    "file:///etc/passwd",
    "jar:https://x.example!/x.html",
    "livescript:x",
    "mocha:x",
    "about:blank",
    "//x.example/y",
    "/\\x.example/y",
    "\\\\x.example\\y",
    "https:x.example",
    "http:///x.example",
    "https://x.example/\" onmouseover=\"alert(1)",
    "https://x.example/' onmouseover='alert(1)",
    "https://x.example/` onmouseover=`alert(1)",
    "https://x.example/ onmouseover=alert(1)",
    "https://x.example/><script>alert(1)</script>",
    "https://x.example/&quot; onmouseover=&quot;alert(1)",
    "https://x.example/&#34; onmouseover=&#34;alert(1)",
    "https://x.example/\u{202e}gpj.exe",
    "x\" onerror=alert(1) y=\"",
    "x' onerror=alert(1) y='",
    "#\" onclick=alert(1) x=\"",
    "?\" onclick=alert(1) x=\"",
];

/// Markup that has broken one filter or another.
const MARKUP: &[&str] = &[
    "<script>alert(1)</script>",
    "<ScRiPt >alert(1)</sCrIpT >",
    "<script\n>alert(1)</script\n>",
    "<script/x>alert(1)</script>",
    "<script>alert(1)",
    "<<script>alert(1)//<</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)>",
    "<img src=\"x\"onerror=alert(1)>",
    "<img src=x: onerror\n=alert(1)>",
    "<IMG \"\"\"><SCRIPT>alert(1)</SCRIPT>\">",
    "<img src=`x` onerror=`alert(1)`>",
    "<a href=x\" onmouseover=alert(1) \">y</a>",
    "<a href=\"x\" =\"><img src=x onerror=alert(1)>\">y</a>",
    "<a title='\"><img src=x onerror=alert(1)>'>y</a>",
    "<a title=\"</a><img src=x onerror=alert(1)>\">y</a>",
    "<p title=\"-->&lt;img src=x onerror=alert(1)>\">",
    "<svg onload=alert(1)>",
    "<svg/onload=alert(1)//",
    "<svg><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg>",
    "<svg><animate xlink:href=#x attributeName=href values=javascript:alert(1) /><a id=x><text>x</text></a></svg>",
    "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
    "$\\text{<img src=x onerror=alert(1)>}$",
    "$\\href{javascript:alert(1)}{x}$ $$\\text{</math><script>alert(1)</script>}$$",
    "```math\n\\text{<style>}</math><img src=x onerror=alert(1)>\n```",
    "<code class=math>\\text{&lt;/mtext&gt;&lt;svg onload=alert(1)&gt;}</code>",
    "$\\color{red;background:url(//x.example)}{x}$",
    "$\\begin{array}{l\"onclick=alert(1)}a\\end{array}$",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<math><mi//xlink:href=\"data:x,<script>alert(4)</script>\">",
    "<math><annotation-xml encoding=\"text/html\"><style><img src onerror=alert(1)></style></annotation-xml></math>",
    "<math><mtext><mglyph><svg><mtext><style><path id=\"</style><img onerror=alert(1) src>\">",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<noscript><style></noscript><img src=x onerror=alert(1)>",
    "<style><img src=\"</style><img src=x onerror=alert(1)//\">",
    "<style>@import 'https://x.example/x.css'; * { background: url(javascript:alert(1)) }</style>",
    "<template><img src=x onerror=alert(1)></template>",
    "<template shadowrootmode=open><script>alert(1)</script></template>",
    "<textarea></textarea><img src=x onerror=alert(1)></textarea>",
    "<title></title><script>alert(1)</script>",
    "<xmp><p title=\"</xmp><img src=x onerror=alert(1)>\">",
    "<noembed><p title=\"</noembed><img src=x onerror=alert(1)>\">",
    "<plaintext><script>alert(1)</script>",
    "<listing>&lt;img src=x onerror=alert(1)&gt;</listing>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
    "<iframe src=\"https://x.example/\" onload=alert(1) title='\"><script>'></iframe>",
    "<object data=javascript:alert(1)></object><embed src=javascript:alert(1)>",
    "<video src=https://x.example/y.mp4 autoplay controls poster=//x.example onerror=alert(1)></video>",
    "<video src=x onerror=alert(1)><source onerror=alert(1)></video><audio src=x onerror=alert(1)>",
    "<form action=javascript:alert(1)><input type=submit><button formaction=javascript:alert(1)>x</button></form>",
    "<input autofocus onfocus=alert(1)><select autofocus onfocus=alert(1)><textarea autofocus onfocus=alert(1)>",
    "<input type=checkbox checked name=x>",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<marquee onstart=alert(1)>x</marquee><blink>x</blink>",
    "<body onload=alert(1)><html onclick=alert(1)><head><base href=//x.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'><link rel=stylesheet href=//x.example/x.css>",
    "<base href=javascript:alert(1)//>",
    "<div style=\"position:fixed;inset:0;background:url(//x.example/x.png)\">x</div>",
    "<div id=comments class=\"admin x\" tabindex=5>x</div><a name=location>x</a><img name=body>",
    "<a href=x target=_blank rel=opener ping=//x.example/>x</a>",
    "<img srcset=\"//x.example/x.png 2x\" src=/media/a.png sizes=100vw usemap=#x>",
    "<picture><source srcset=//x.example/x.png><img src=/media/a.png></picture>",
    "<img src=//x.example/x.png alt='\"><script>alert(1)</script>'>",
    "<table background=//x.example/x.png><td background=javascript:alert(1)>x",
    "<table><td></table></td><tr><a><b></a></b><caption>x",
    "<a><table><a href=javascript:alert(1)>x</table></a>",
    "<p><a><p><a><b></p></a></b>",
    "<b><p></b><i></p></i><nobr><nobr>",
    "<ruby><rt><rp><rt></ruby><dl><dd><dt></dl><select><option><p>x",
    "<h1><h2><h3>x</h1></h2></h3><h2><div><h2><a href=x><h3>y",
    "<pre>\n\n\n<img src=x onerror=alert(1)>\n</pre><pre><code>\n<b>",
    "<details><table><details><tr><details><td><summary>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!---><img src=x onerror=alert(1)>-->",
    "<!-- --!><img src=x onerror=alert(1)>-->",
    "<!--<img src=\"--><img src=x onerror=alert(1)//\">",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<svg><![CDATA[><img src=x onerror=alert(1)>]]></svg>",
    "<?xml version=\"1.0\"?><x:script xmlns:x=\"http://www.w3.org/1999/xhtml\">alert(1)</x:script>",
    "<?php echo '<script>alert(1)</script>' ?>",
    "<!DOCTYPE html [<!ENTITY x '<script>alert(1)</script>'>]>&x;",
    "</p></div></article></body></html><script>alert(1)</script>",
    "<x onclick=alert(1)>x</x><x-y is=script>x</x-y>",
    "<script src=data:,alert(1)",
    "<img src=x onerror=alert(1)",
    "<a href=\"javascript:alert(1)",
    "<a href='x\n\ny'>x</a>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;script&amp;gt;",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "\u{ff1c}script\u{ff1e}alert(1)",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "{{7*7}} {% raw %} ${alert(1)} #{alert(1)}",
    "&#1;&#2;&#xb;&#xfffe;&#xffff;&#x80;&#xd800;&#x110000;&#13;",
    "a\0b\u{b}c\u{1b}[31m\u{7f}\u{80}\u{fffe}",
    "\u{202e}txet desrever\u{202c} &#x202e;x &#8238;y",
    "x\u{2028}y\u{2029}z",
    "<!--more--><script>alert(1)</script>",
    "<div>\n\n<!--more-->\n\n<img src=x onerror=alert(1)>",
    "<span id=more></span><b>x",
    "- [x] <input type=checkbox onclick=alert(1)>",
    "[^1]: <script>alert(1)</script>\n\n[^1]",
    "[^<script>]: x\n\n[^<script>]",
    "[^\"onclick=alert(1)]: x\n\n[^\"onclick=alert(1)]",
    "```\"onclick=alert(1)\n<script>\n```",
    "```html\n<img src=x onerror=alert(1)>\n```",
    "~~~rust\" onmouseover=\"alert(1)\nx\n~~~",
    "<pre><code class='language-rust\" onclick=alert(1)'>fn</code></pre>",
    "<pre><code class=language-rust>&lt;script&gt;alert(1)&lt;/script&gt;</code></pre>",
    "| <script> | `|` |\n|-|-|\n| <img src=x onerror=alert(1)> | [x](javascript:alert(1)) |",
    "![x\" onerror=alert(1) y=\"](/media/a.png \"t\\\" onclick=alert(1)\")",
    "![<img src=x onerror=alert(1)>](/media/a.png '<script>')",
    "[![x](/media/a.png)](javascript:alert(1))",
    "![![[x](javascript:alert(1))](y)](javascript:alert(1))",
    "[x](https://x.example \"\\\"><script>alert(1)</script>\")",
    "[<img src=x onerror=alert(1)>](https://x.example)",
    "[https://x.example](javascript:alert(1))",
    "https://x.example/\"><script>alert(1)</script>",
    "https://x.example/'onmouseover=alert(1)//",
    "https://x.example/`-alert(1)-`",
    "http://[::1]/ https://x.example:99999/ http://\u{202e}x.example/ https://a@b@c/",
    "# <script>alert(1)</script> {#x onclick=alert(1)}",
    "<h2 id='\"><script>'>x</h2>\n\n[y](#\"><script>)",
    "<a id=x href=#x>x</a> <a id=x>y</a>\n\n# x\n\n# x",
];

#[test]
fn no_known_attack_gets_through() {
    for markup in MARKUP {
        let forms = [
            "{}",
            "a {} b",
            "> {}",
            "- {}",
            "# {}",
            "**{}**",
            "`{}`",
            "<div>{}</div>",
            "<p>{}",
            "<table><tr><td>{}",
            "<a href=/x>{}",
            "<b><i>{}",
            "<pre>{}",
            "<code>{}</code>",
            "[{}](https://x.example/)",
            "![{}](/media/a.png)",
            "|a|\n|-|\n|{}|",
            "[^a]: {}\n\n[^a]",
            "<!--{}-->",
            "<p title=\"{}\">",
            "```\n{}\n```",
            "    {}",
            "<!--more-->\n\n{}",
        ];
        for form in forms {
            judge(&form.replace("{}", markup)).unwrap_or_else(|fault| panic!("{fault}"));
        }
    }
}

#[test]
fn no_address_runs_anything() {
    let forms = [
        "[x]({})",
        "[x](<{}>)",
        "[x]({} \"t\")",
        "![x]({})",
        "![x](<{}>)",
        "[![x]({})]({})",
        "<{}>",
        "{}",
        "a {} b",
        "[x]: {}\n\n[x]",
        "[x]: <{}>\n\n[x] ![x] [y][x]",
        "<a href=\"{}\">x</a>",
        "<a href='{}'>x</a>",
        "<a href={}>x</a>",
        "<a\nhref\n=\n\"{}\"\n>x</a>",
        "<img src=\"{}\">",
        "<img src='{}' alt=x>",
        "<img src={}>",
        "<iframe src=\"{}\"></iframe>",
        "<blockquote cite=\"{}\">x</blockquote>",
        "<q cite='{}'>x</q>",
        "<a title=\"{}\" href=/>x</a>",
        "[x](https://x.example/ \"{}\")",
        "![{}](/media/a.png \"{}\")",
        "<div id=\"{}\" class=\"{}\" lang=\"{}\">x</div>",
        "<time datetime=\"{}\">x</time>",
        "# {}",
        "```{}\nx\n```",
        "[^{}]: x\n\n[^{}]",
        "<a href=\"https://x.example/{}\">x</a>",
        "<a href=\"#{}\">x</a>",
    ];
    for address in ADDRESSES {
        for form in forms {
            judge(&form.replace("{}", address)).unwrap_or_else(|fault| panic!("{fault}"));
        }
    }
}

#[test]
fn a_strangers_html_is_shown_as_typed() {
    for typed in [
        "<script>alert(1)</script>",
        "a <img src=x onerror=alert(1)> b",
        "<b>x</b>",
        "x < y > z & \"w\"",
        "{{7*7}}",
        "%253Cscript%253E",
    ] {
        let html = markdown::comment(typed).expect("short");
        assert_eq!(markdown::text_of(&html), typed);
    }
    assert_eq!(
        markdown::comment("&amp;lt;script&amp;gt;"),
        Ok("<p>&amp;lt;script&amp;gt;</p>\n".into()),
        "read once, not twice"
    );
}

/// Inputs of about `size` bytes that cost some renderer the square of their length, or more.
fn slow_inputs(size: usize) -> Vec<(&'static str, String)> {
    let times = |unit: &str| unit.repeat(size / unit.len());
    let numbered = |unit: &dyn Fn(usize) -> String| {
        let mut text = String::new();
        let mut number = 0;
        while text.len() < size {
            text.push_str(&unit(number));
            number += 1;
        }
        text
    };
    let half = size / 2;
    vec![
        ("nested quotes", times(">")),
        ("nested quotes with spaces", times("> ")),
        ("growing quotes", numbered(&|n| format!("{} x\n", ">".repeat(n % 99)))),
        ("nested lists", times("- ")),
        ("nested numbered lists", times("1. ")),
        ("indented lists", numbered(&|n| format!("{}* a\n", " ".repeat(2 * (n % 40))))),
        ("open brackets", times("[")),
        ("open pictures", times("![")),
        ("brackets", times("[a](")),
        ("angle links", times("[a](<b")),
        ("nested links", format!("{}a{}", "[".repeat(half), "](b)".repeat(half / 4))),
        ("nested pictures", format!("{}a{}", "![".repeat(half / 2), "](b)".repeat(half / 4))),
        ("open emphasis", times("*a ")),
        ("closed emphasis", times("a* ")),
        ("mixed emphasis", times("*a _b ")),
        ("strong soup", times("a**b")),
        ("nested strong", format!("{}a{}", "**".repeat(half / 2), "**".repeat(half / 2))),
        ("strikes", times("~~a ~b ")),
        ("backticks", numbered(&|n| format!("e{}", "`".repeat(n)))),
        ("escapes", times("\\*")),
        ("entities", times("&#x3c;")),
        ("bad entities", times("&amp")),
        ("ampersands", times("&")),
        ("angle brackets", times("<")),
        ("tag starts", times("<a ")),
        ("tag starts with values", times("<a b=\"")),
        ("end tag starts", times("</a ")),
        ("comments", times("<!--")),
        ("comments that end oddly", times("<!--a--!>")),
        ("empty comments", times("<!---->")),
        ("instructions", times("<?")),
        ("declarations", times("<!A ")),
        ("cdata", times("<![CDATA[")),
        ("scripts", times("<script>")),
        ("script ends", format!("<script>{}", times("</script "))),
        ("different raw elements", times("<script><style><title><xmp>")),
        ("divs", times("<div>")),
        ("bold", times("<b>")),
        ("distinct bold", numbered(&|n| format!("<b title={n}>"))),
        ("formatting and paragraphs", format!("{}{}", "<b><i><u><s>".repeat(20), "<p>x".repeat(half / 4))),
        ("formatting and Markdown", numbered(&|n| format!("<b id=a{n}><i><a href=x>\n\ny\n\n"))),
        ("distinct formatting and blocks", {
            let open: String = (0..90).map(|n| format!("<b title={n}>")).collect();
            format!("{open}{}", "<p>x</p><div>".repeat(half / 13))
        }),
        ("links", times("<a href=x>")),
        ("tables in tables", times("<table><tr><td>")),
        ("tables and text", times("<table>x")),
        ("rows and formatting", format!("<table>{}{}", "<b>".repeat(90), "<tr>x".repeat(half / 5))),
        ("cells", times("<td>")),
        ("lists without ends", format!("<ul>{}", times("<li>"))),
        ("lists of lists", times("<ul><li>")),
        ("headings", times("<h1>")),
        ("nested headings", times("<h1><div>")),
        ("equal headings", times("# a\n")),
        ("headings that look numbered", numbered(&|n| format!("# a\n# a-{n}\n"))),
        ("attributes", format!("<p {}>", times("a=b "))),
        ("ids", times("<p id=a>")),
        ("wide table", format!("{}\n{}\n{}", "|a".repeat(half / 4), "|-".repeat(half / 4), "|b\n".repeat(half / 3))),
        (
            "narrow rows of a wide table",
            format!("{}\n{}\n{}", "|a".repeat(300), "|-".repeat(300), "|\n".repeat(half / 2)),
        ),
        ("pipes", times("|")),
        ("definitions", numbered(&|n| format!("[{n}]: x\n"))),
        ("long definition used often", format!("[a]: /{}\n\n{}", "b".repeat(half), "[a]".repeat(half / 3))),
        ("definition with title", format!("[a]: b '{}'\n\n{}", "c".repeat(half), "[a] ".repeat(half / 4))),
        ("unused definitions", times("[a]: b\n")),
        ("footnote marks", format!("[^1]: x\n\n{}", times("[^1]"))),
        ("footnotes", numbered(&|n| format!("[^{n}]: [^{}]\n", n + 1))),
        (
            "footnotes of footnotes",
            format!("[^0]\n\n{}", numbered(&|n| format!("[^{n}]: [^{}] [^{}] x\n", n + 1, n + 2))),
        ),
        ("footnotes in circles", numbered(&|n| format!("[^{n}] [^{n}]\n\n[^{n}]: [^0] [^{n}]\n\n"))),
        ("footnotes in quotes", numbered(&|n| format!("> [^{n}]: [^{n}]\n"))),
        ("addresses", times("http://a ")),
        ("addresses without end", times("http://")),
        ("colons", times("a:")),
        ("address of brackets", format!("http://{}", times("("))),
        ("address of quotes", format!("http://a{}", times("'\""))),
        ("addresses in one", times("http://a.b/c?d=(")),
        ("at signs", times("a@")),
        ("rules", times("***\n")),
        ("fences", times("```\n")),
        ("open fence", format!("```rust\n{}", times("a\n"))),
        ("code of brackets", format!("```rust\n{}\n```", times("(\n"))),
        ("code of one line", format!("```rust\n{}\n```", times("(["))),
        ("code of generics", format!("```rust\n{}\n```", times("Vec<\n"))),
        ("code of quotes", format!("```js\n{}\n```", times("`${\n"))),
        ("code of tags", format!("```html\n{}\n```", times("<a b='<script>\n"))),
        ("code of comments", format!("```rust\n{}\n```", times("/*\n"))),
        ("code of strings", format!("```python\n{}\n```", times("f'{\"\n"))),
        ("code of braces", format!("```css\n{}\n```", times("a{\n"))),
        ("code of expressions", format!("```js\n{}\n```", times("/a(?:b*)*\\[/ / \n"))),
        ("code of backslashes", format!("```sh\n{}\n```", times("$(`\"\\\n"))),
        ("code of spaces", format!("```yaml\n{}\n```", times("      \t  a"))),
        ("lines", times("\n")),
        ("spaces", times(" ")),
        ("tabs", times("\t")),
        ("spaces and letters", times("a     ")),
        ("marks", times("\u{301}")),
        ("joiners", times("\u{200d}")),
        ("long word", times("x")),
        ("more", times("<!--more-->\n\n")),
        ("nested more", format!("{}<!--more-->", "<div>\n\n".repeat(90))),
        ("pictures", times("![a](//b/c)")),
        ("galleries", times("![a](/b)\n")),
        ("videos", times("https://youtu.be/dQw4w9WgXcQ\n\n")),
        ("formulas", times("$x$ ")),
        ("long formulas", times("$\\sqrt{\\frac{1}{x^2}}$\n\n")),
        ("signs of formulas", times("$")),
        ("signs of formulas, two by two", times("$$a ")),
        ("formulas in braces", times("${")),
        ("a formula of roots", format!("$${}$$", times("\\sqrt"))),
        ("tasks", times("- [x] ")),
        ("setext", times("a\n=\n")),
    ]
}

/// How long this thread has worked: what others do on the machine is not counted.
fn worked() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default())
}

#[test]
fn no_input_costs_more_than_its_length_allows() {
    const SIZE: usize = 50_000;
    for (name, source) in slow_inputs(SIZE) {
        let began = worked();
        // Refused, or of a size that stays in proportion: the dearest honest input is a wide table of empty cells.
        if let Ok(post) = markdown::post(&source, &HashMap::new(), "p1") {
            assert!(post.html.len() < 100 * SIZE, "{name}: {} bytes", post.html.len());
            assert!(post.text.len() < 4 * SIZE, "{name}: {} bytes of text", post.text.len());
            assert!(post.lead.is_none_or(|lead| lead.len() <= post.html.len()), "{name}");
        }
        if let Ok(html) = markdown::comment(&source) {
            assert!(html.len() <= markdown::MAX_COMMENT, "{name}");
        }
        let _ = markdown::media_in(&source);
        let took = worked() - began;
        assert!(took.as_secs() < 20, "{name} took {took:?}");
    }
}

#[test]
fn nothing_of_the_largest_size_overflows_the_stack() {
    // As small as a thread of the program gets; the default of tests is the same.
    let small = std::thread::Builder::new().stack_size(2 << 20);
    let work = || {
        for (_, source) in
            slow_inputs(400_000).into_iter().filter(|(name, _)| name.contains("nested") || name.contains("open"))
        {
            let _ = markdown::post(&source, &HashMap::new(), "p1");
            let _ = markdown::comment(&source);
        }
    };
    small.spawn(work).expect("threads can be started").join().expect("no panic");
}

/// Markdown and HTML in pieces, so that random texts are nearly always markup.
fn markup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        proptest::sample::select(MARKUP).prop_map(str::to_owned),
        proptest::sample::select(ADDRESSES).prop_map(str::to_owned),
        "[*_~`#>|\\[\\]()!<&;:\"'=/\\\\^ \n\t-]{1,6}",
        "</?(a|b|i|p|div|table|tr|td|caption|ul|li|h[1-6]|pre|code|ruby|rt|svg|math|style|details|summary|select|form|img|dl|dd|span|sup)( (id|class|href|src|title|name|style|onclick)=['\"]?[a-z#/:. ]{0,8}['\"]?)?/?>",
        "(- |1\\. |> |# |    |```|\n\n|\\|)",
        "\\[\\^?[ab]\\](: |\\()?",
        "\\$\\$?[a-z^_{}<&\"\\\\]{0,6}\\$?\\$?",
        "\\PC{0,5}",
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn nothing_but_what_is_allowed_comes_out(source in markup()) {
        judge(&source).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn the_sanitiser_alone_lets_nothing_through(html in markup()) {
        let clean = sanitise::comment_html(&html);
        // Links without an address are all that it may leave over.
        prop_assert_eq!(fault(&clean, COMMENT), None, "{}", clean);
        prop_assert_eq!(sanitise::comment_html(&clean), clean);
        let clean = sanitise::post_html(&html);
        prop_assert_eq!(sanitise::post_html(&clean), clean);
    }

    #[test]
    fn whole_addresses_change_no_element_but_marks_beside_headings(source in markup()) {
        if let Ok(post) = markdown::post(&source, &HashMap::new(), "p1") {
            let whole = sanitise::absolute(&post.html, "https://b.example", "https://b.example/p");
            let count = |html: &str| Html::parse_fragment(html).tree.nodes().count();
            let marks = post.html.matches(" tabindex=\"-1\"></a>").count();
            prop_assert_eq!(count(&whole) + marks, count(&post.html));
            prop_assert_eq!(markdown::text_of(&whole), post.text);
        }
    }
}
