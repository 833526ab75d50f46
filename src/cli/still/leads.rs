//! Where old addresses lead, in the words of those who serve plain files: nginx, Caddy, and hosts that read `_redirects`.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt::Write,
};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What stands in an address as it is: nothing that means something to any of them.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'%')
    .remove(b'=')
    .remove(b'?')
    .remove(b'&')
    .remove(b'#')
    .remove(b':')
    .remove(b',')
    .remove(b'@')
    .remove(b'+');
/// In an address that is asked for: as browsers write it, since it is compared with that.
const ASKED: &AsciiSet = &PLAIN
    .add(b'?')
    .add(b'#')
    .add(b'%')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b';');
/// A query keeps what is encoded in it.
const QUERY: &AsciiSet = &ASKED.remove(b'%');

/// Each file and what is in it, of what leads elsewhere and where to.
pub(super) fn files(leads: &BTreeMap<&str, String>) -> [(&'static str, String); 3] {
    // One may be known with a slash at its end and without.
    let leads = leads.iter().filter_map(|(from, to)| Lead::new(from, to));
    let leads: BTreeMap<_, Lead> = leads.map(|lead| ((lead.plain.clone(), lead.query.clone()), lead)).collect();
    let mut leads: Vec<Lead> = leads.into_values().collect();
    let mut alike: HashMap<String, u32> = HashMap::new();
    leads
        .iter()
        .filter(|lead| lead.query.is_none())
        .for_each(|lead| *alike.entry(lead.plain.to_lowercase()).or_default() += 1);
    for lead in &mut leads {
        let is_one_of_two = alike.get(&lead.plain.to_lowercase()).is_some_and(|count| *count > 1);
        lead.is_pattern = is_one_of_two || lead.would_turn_round();
    }
    [("_redirects", listed(&leads)), ("redirects.nginx.conf", nginx(&leads)), ("redirects.caddy", caddy(&leads))]
}

/// An old address.
struct Lead {
    /// Percent-encoded, without a slash at its end; empty for home.
    path: String,
    /// The same, as it reads.
    plain: String,
    query: Option<String>,
    to: String,
    /// Whether servers have to be told capitals apart.
    is_pattern: bool,
}

impl Lead {
    fn new(from: &str, to: &str) -> Option<Self> {
        let (path, query) = from.split_once('?').map_or((from, None), |(path, query)| (path, Some(query)));
        let path = path.trim_end_matches('/');
        let plain = percent_decode_str(path).decode_utf8().ok()?.into_owned();
        let is_said = !plain.contains(|c: char| c.is_control()) && (query.is_some() || !path.is_empty());
        let encoded = |text: &str, set| utf8_percent_encode(text, set).to_string();
        is_said.then(|| Self {
            path: encoded(&plain, ASKED),
            plain,
            query: query.map(|query| encoded(query, QUERY)),
            to: encoded(to, PLAIN),
            is_pattern: false,
        })
    }

    /// Lists of nginx and Caddy do not tell capitals apart: `/Rust` that leads to `/rust/` would lead there for ever.
    fn would_turn_round(&self) -> bool {
        self.plain.to_lowercase() != self.plain || self.to.trim_end_matches('/').to_lowercase() == self.path
    }

    /// A pattern of the path.
    fn pattern(&self) -> String {
        let escaped = |c: char| [Some('\\').filter(|_| c.is_ascii() && !c.is_ascii_alphanumeric()), Some(c)];
        format!("^{}/?$", self.plain.chars().flat_map(escaped).flatten().collect::<String>())
    }
}

/// Netlify, Cloudflare Pages and others, for whom a colon begins a name, and a star is whatever stands there.
fn listed(leads: &[Lead]) -> String {
    let said = |text: &str| text.replace(':', "%3A").replace('*', "%2A");
    leads.iter().fold(String::new(), |mut out, Lead { path, query, to, .. }| {
        let (path, query) = (said(path), query.as_deref().map(said));
        let _ = match query {
            Some(query) => writeln!(out, "{path}/ {query} {to} 301"),
            None => writeln!(out, "{path} {to} 301"),
        };
        out
    })
}

/// By path in one map, by query in others that stand behind it: whatever else is asked for beside it.
fn nginx(leads: &[Lead]) -> String {
    let length = |lead: &Lead| lead.plain.len().max(lead.path.len()) + lead.query.as_ref().map_or(0, String::len);
    let longest = leads.iter().map(length).max().unwrap_or_default();
    let bucket = (longest + 64).next_power_of_two().max(128);
    let most = (leads.len() * 4).next_power_of_two().max(2048);
    let mut out = format!(
        "# In http: include this file. In server: error_page 404 /404.html;\n\
         # and: if ($laman_moved) {{ return 301 $laman_moved; }}\n\
         map_hash_bucket_size {bucket};\nmap_hash_max_size {most};\n"
    );
    let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
    out.push_str("map $uri $laman_moved {\ndefault $laman_asked;\n");
    for lead in leads.iter().filter(|lead| lead.query.is_none()) {
        let (plain, to) = (quoted(&lead.plain), &lead.to);
        let _ = match lead.is_pattern {
            true => writeln!(out, "\"~{}\" \"{to}\";", quoted(&lead.pattern())),
            false => writeln!(out, "\"{plain}\" \"{to}\";\n\"{plain}/\" \"{to}\";"),
        };
    }
    out.push_str("}\n");
    let asked = leads.iter().filter_map(|lead| Some((lead, lead.query.as_deref()?)));
    let (by_name, whole): (Vec<_>, Vec<_>) = asked.partition(|(_, query)| name_of(query).is_some());
    let names: BTreeSet<&str> = by_name.iter().filter_map(|(_, query)| name_of(query)).collect();
    let mut variable = "laman_asked".to_owned();
    for name in names {
        let next = format!("laman_beside_{name}");
        let _ = writeln!(out, "map \"$uri?{name}=$arg_{name}\" ${variable} {{\ndefault ${next};");
        for (Lead { plain, to, .. }, query) in by_name.iter().filter(|(_, query)| name_of(query) == Some(name)) {
            let plain = quoted(plain);
            if !plain.is_empty() {
                let _ = writeln!(out, "\"{plain}?{query}\" \"{to}\";");
            }
            let _ = writeln!(out, "\"{plain}/?{query}\" \"{to}\";");
        }
        out.push_str("}\n");
        variable = next;
    }
    let _ = writeln!(out, "map $request_uri ${variable} {{\ndefault \"\";");
    for (Lead { path, to, .. }, query) in whole {
        let _ = writeln!(out, "\"{path}/?{query}\" \"{to}\";");
    }
    out.push_str("}\n");
    out
}

/// The name of the one parameter that a query has, where nginx has a variable for it.
fn name_of(query: &str) -> Option<&str> {
    let (name, value) = query.split_once('=')?;
    let is_plain = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    (is_plain && !name.is_empty() && !value.contains('&')).then_some(name)
}

fn caddy(leads: &[Lead]) -> String {
    let mut out =
        "# In the site: import this file.\nhandle_errors {\n\trewrite * /404.html\n\tfile_server\n}\n".to_owned();
    for (number, lead) in leads.iter().enumerate() {
        let Lead { path, query, to, .. } = lead;
        let pattern = (lead.is_pattern || lead.plain.contains('*')).then(|| lead.pattern());
        let _ = match (query, pattern) {
            // It compares what the query says, and there is no way to say a quote or a brace.
            (Some(query), _) => match percent_decode_str(&query.replace('+', " ")).decode_utf8() {
                Ok(said) if !said.contains(['"', '{', '}', '\\', '`', '\n', '\r']) => {
                    let path = path.replace('*', "%2A");
                    writeln!(
                        out,
                        "@laman{number} {{\n\tpath {path}/\n\tquery \"{said}\"\n}}\nredir @laman{number} {to} 301"
                    )
                }
                _ => Ok(()),
            },
            // There is no way to say a quote in a quoted pattern, nor a brace that begins no name.
            (None, Some(pattern)) if pattern.contains(['"', '{', '}']) => Ok(()),
            (None, Some(pattern)) => {
                writeln!(out, "@laman{number} path_regexp \"{pattern}\"\nredir @laman{number} {to} 301")
            }
            (None, None) => writeln!(out, "redir {path} {to} 301\nredir {path}/ {to} 301"),
        };
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_server_is_told_in_its_words() {
        let leads = BTreeMap::from([
            ("/2019/a%20b.html", "/2019/02/a/".to_owned()),
            ("/?p=3", "/2019/02/a/#c".to_owned()),
            ("/?a=1&b=2", "/2020/".to_owned()),
            ("/2022/Rust", "/2022/rust/".to_owned()),
            ("/x", "https://other.example/?q=1".to_owned()),
            ("/x/", "https://other.example/?q=1".to_owned()),
        ]);
        let [(_, listed), (_, nginx), (_, caddy)] = files(&leads);
        assert!(nginx.contains("\"~^\\\\/2022\\\\/Rust/?$\" \"/2022/rust/\";"), "{nginx}");
        assert!(caddy.contains("path_regexp \"^\\/2022\\/Rust/?$\""), "{caddy}");
        assert_eq!(
            listed,
            "/ a=1&b=2 /2020/ 301\n/ p=3 /2019/02/a/#c 301\n/2019/a%20b.html /2019/02/a/ 301\n/2022/Rust /2022/rust/ 301\n\
             /x https://other.example/?q=1 301\n"
        );
        assert!(nginx.contains("\"/2019/a b.html\" \"/2019/02/a/\";\n\"/2019/a b.html/\" \"/2019/02/a/\";"), "{nginx}");
        assert!(nginx.contains(
            "map \"$uri?p=$arg_p\" $laman_asked {\ndefault $laman_beside_p;\n\"/?p=3\" \"/2019/02/a/#c\";\n}\n"
        ));
        assert!(
            nginx.ends_with("map $request_uri $laman_beside_p {\ndefault \"\";\n\"/?a=1&b=2\" \"/2020/\";\n}\n"),
            "{nginx}"
        );
        assert!(caddy.contains("\tpath /\n\tquery \"p=3\"\n"), "{caddy}");
        assert!(caddy.contains("redir /x https://other.example/?q=1 301\nredir /x/ "), "{caddy}");
    }

    #[test]
    fn an_address_is_written_as_browsers_write_it() {
        let leads = BTreeMap::from([("/t/c%2B%2B", "/tag/c/".to_owned()), ("/a:b*(c)", "/d/".to_owned())]);
        let [(_, listed), _, (_, caddy)] = files(&leads);
        assert_eq!(listed, "/a%3Ab%2A(c) /d/ 301\n/t/c++ /tag/c/ 301\n");
        assert!(caddy.contains("redir /t/c++ /tag/c/ 301"), "{caddy}");
        assert!(caddy.contains("path_regexp \"^\\/a\\:b\\*\\(c\\)/?$\""), "{caddy}");
    }

    #[test]
    fn addresses_that_differ_in_capitals_alone_lead_each_to_its_own() {
        let leads = BTreeMap::from([("/Case", "/about/".to_owned()), ("/case", "/tag/slow/".to_owned())]);
        let [_, (_, nginx), (_, caddy)] = files(&leads);
        assert!(nginx.contains("\"~^\\\\/Case/?$\" \"/about/\";\n\"~^\\\\/case/?$\" \"/tag/slow/\";"), "{nginx}");
        assert_eq!(caddy.matches("path_regexp").count(), 2, "{caddy}");
    }

    proptest! {
        #[test]
        fn no_address_says_anything_else(from in "/\\PC{0,20}", to in "/\\PC{0,20}") {
            let files = files(&BTreeMap::from([(from.as_str(), to)]));
            let said = files[0].1.lines().count();
            prop_assert!(said <= 1, "{:?}", files);
            prop_assert!(!files[0].1.contains(['*', '{']), "{:?}", files);
            let nginx = files[1].1.lines().filter(|line| line.starts_with('"'));
            for line in nginx {
                let line = line.replace("\\\\", "").replace("\\\"", "");
                prop_assert_eq!(line.matches('"').count(), 4, "{}", line);
                let to = line.split('"').nth(3).unwrap_or_default();
                prop_assert!(!to.contains(['$', ';', '{']), "{}", line);
            }
        }
    }
}
