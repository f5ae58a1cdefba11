//! Requests that nobody would send, drawn from a seed: what stands in a desk's own pages, and what fits nowhere.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use axum::http::{HeaderValue, Request};
use desk::web::routes::{ROUTES, Verb};

/// What a page must not take for markup.
pub(crate) const MARK: &str = "<zqx'\"&>";

/// What fits nowhere, as it stands in a form.
const ODD: [&str; 30] = [
    "",
    " ",
    "0",
    "-1",
    "18446744073709551615",
    "99999999999999999999999999",
    "NaN",
    "1e999",
    "..",
    "../../../../etc/passwd",
    "\u{0}",
    "a\r\nset-cookie: x=y",
    "//elsewhere.example/",
    "javascript:alert(1)",
    MARK,
    "=cmd|' /C calc'!A0",
    "\u{202e}\u{2066}\u{200f}",
    "مشق ٹیم ۴",
    "0000-00-00",
    "2026-02-30T25:61",
    "9999-12-31T23:59:59Z",
    "91, 181",
    "-90, -180 ± 99999999 km",
    "10.25, -39.9",
    "AAAAAAAAAAAAAAAAAAAAAA",
    "INC-26-0001-K",
    "north",
    "liaison-1",
    "{agreement}",
    "%",
];

/// What fits in no path, as it stands there.
const ODD_PARTS: [&str; 16] = [
    "%00",
    "..%2f..%2fetc%2fpasswd",
    "%2e%2e",
    "%ff",
    "%F0%9F%98%80",
    "%3Czqx'%22%26%3E",
    "%0d%0aset-cookie:x",
    "0",
    "-1",
    "18446744073709551616",
    "new",
    "AAAAAAAAAAAAAAAAAAAAAA",
    "~",
    "a.csv",
    "%E2%80%AE",
    "no-such",
];

const VERBS: [&str; 9] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "MITHAQ"];

/// Heads, each with what is odd in it.
const HEADS: [(&str, &[&str]); 23] = [
    ("accept", &["application/json", "text/csv", "*/*", "", "text/html;q=9"]),
    ("accept-language", &["ur", "ur-PK,en;q=0.1", ";;q=,", "x-klingon", "\u{e9}"]),
    ("accept-encoding", &["gzip", "gzip;q=0", "br, gzip;q=1", ",,,"]),
    ("if-none-match", &["*", "W/\"", "\"\",,,W/"]),
    (
        "range",
        &["bytes=0-", "bytes=-1", "bytes=9-1", "bytes=0-99999999999999999999", "bytes=0-1,3-4", "lines=1"],
    ),
    ("last-event-id", &["0", "-1", "99999999999999999999", "x"]),
    ("authorization", &["Bearer ", "Bearer \u{e9}", "Basic eDp5"]),
    ("cookie", &[";;=;", "lang=zz", "lang=ur", "__Host-desk=x"]),
    (
        "host",
        &["elsewhere.example", "", "north.localhost:99999", "NORTH.localhost", "north.localhost@elsewhere"],
    ),
    ("origin", &["null", "http://elsewhere.example", "", "north.localhost", "http://north.localhost"]),
    ("sec-fetch-site", &["cross-site", "same-origin", "none", "x"]),
    (
        "content-type",
        &[
            "application/json",
            "text/plain",
            "multipart/form-data",
            "multipart/form-data; boundary=edge",
            "application/offset+octet-stream",
        ],
    ),
    ("content-length", &["0", "99999999999999999999", "x"]),
    ("mithaq-token", &["", "x"]),
    ("tus-resumable", &["1.0.0", "0.2.2", ""]),
    ("upload-length", &["0", "3", "-1", "64000000001", "99999999999999999999"]),
    ("upload-offset", &["0", "1", "-1", "99999999999999999999"]),
    ("upload-metadata", &["filename Li4vYS5qcGc=,filetype dGV4dC9odG1s", "filename /w==", "a,a", "filename"]),
    ("mithaq-sha256", &["47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "x"]),
    ("mithaq-signer", &["harbour/node-1", "\u{e9}"]),
    ("mithaq-at", &["2026-01-05T18:00:00Z", "x"]),
    ("mithaq-signature", &["AAAA", "x"]),
    ("mithaq-part", &["0", "99999999999999999999"]),
];

/// Numbers from a seed (SplitMix64).
pub(crate) struct Dice {
    pub(crate) seed: u64,
    /// Whether the next request is one that might come from a page.
    pub(crate) is_tame: bool,
}

impl Dice {
    fn next(&mut self) -> u64 {
        self.seed = self.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.seed ^ (self.seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, most: usize) -> usize {
        (self.next() % most.max(1) as u64) as usize
    }

    /// Once in so many times, and never where it is to be tame.
    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0 && !self.is_tame
    }

    /// One of so many ways to be odd, or the last.
    fn way(&mut self, ways: usize) -> usize {
        let way = self.below(ways);
        if self.is_tame { ways - 1 } else { way }
    }

    fn one<'t, T: ?Sized>(&mut self, of: &[&'t T]) -> &'t T {
        of[self.below(of.len())]
    }
}

/// What stands in the pages of a desk: what fills the open parts of a path, and the fields of its forms.
#[derive(Default)]
pub(crate) struct Seen {
    parts: BTreeMap<&'static str, BTreeSet<String>>,
    names: BTreeSet<String>,
    values: BTreeSet<String>,
    /// What no request has in it, wherever it was seen.
    secret: Vec<&'static str>,
}

impl Seen {
    /// Nothing yet; and never anything with one of these in it.
    pub(crate) fn but(secret: impl IntoIterator<Item = &'static str>) -> Seen {
        Seen { secret: secret.into_iter().collect(), ..Seen::default() }
    }

    /// Takes in what stands in a page.
    pub(crate) fn take(&mut self, page: &str) {
        let page = page.replace("&#38;", "&").replace("&amp;", "&");
        for mark in ["href=\"", "action=\"", "src=\""] {
            for link in page.split(mark).skip(1).filter_map(|rest| rest.split('"').next()) {
                let (path, query) = link.split_once('?').unwrap_or((link, ""));
                self.take_path(path);
                for (name, value) in form_urlencoded::parse(query.as_bytes()) {
                    self.take_field(&name, &value);
                }
            }
        }
        for mark in ["name=\"", "value=\""] {
            for word in page.split(mark).skip(1).filter_map(|rest| rest.split('"').next()) {
                if mark == "name=\"" { self.take_field(word, "") } else { self.take_field("", word) }
            }
        }
    }

    /// Takes in a path: what fills the parts that the routes leave open.
    pub(crate) fn take_path(&mut self, path: &str) {
        let is_open = |known: &str| known.starts_with('{');
        let fits = |route: &str| {
            let pairs = route.split('/').zip(path.split('/'));
            let fits = pairs.into_iter().all(|(known, asked)| is_open(known) || known == asked);
            fits && route.split('/').count() == path.split('/').count()
        };
        // Of several the one with the fewest open parts, as the server finds it.
        let open = |route: &&str| route.split('/').filter(|part| is_open(part)).count();
        let all = ROUTES.iter().map(|route| route.path).filter(|route| fits(route));
        let Some(route) = all.min_by_key(open) else { return };
        for (known, asked) in route.split('/').zip(path.split('/')) {
            if is_open(known) && !asked.is_empty() && !self.is_secret(asked) {
                self.parts.entry(known).or_default().insert(asked.to_owned());
            }
        }
    }

    fn take_field(&mut self, name: &str, value: &str) {
        if !name.is_empty() && name.len() < 60 && !name.contains(['<', '&', ' ']) {
            self.names.insert(name.to_owned());
        }
        // What has a space in it says who may what.
        if !value.is_empty() && value.len() < 40 && !value.contains(['<', '&', ' ']) && !self.is_secret(value)
        {
            self.values.insert(value.to_owned());
        }
    }

    fn is_secret(&self, text: &str) -> bool {
        self.secret.iter().any(|secret| text.contains(*secret))
    }

    fn value(&self, dice: &mut Dice) -> String {
        match dice.below(8) {
            0..3 => dice.one(&ODD).to_owned(),
            3 => dice.one(&["x", "ۉ", MARK]).repeat(1 + dice.below(3_000)),
            _ => nth(&self.values, dice).unwrap_or_default(),
        }
    }

    /// A path of a route, as it may be asked: now with what is there, now with what is not.
    fn path(&self, route: &str, dice: &mut Dice) -> String {
        let fill = |part: &str, dice: &mut Dice| match part {
            "{agreement}" if !dice.once_in(40) => nth(&self.parts["{agreement}"], dice).unwrap_or_default(),
            part if part.starts_with('{') => {
                let known = self.parts.get(part).and_then(|known| nth(known, dice));
                match known {
                    Some(known) if !dice.once_in(4) => known,
                    _ if dice.once_in(40) => "x".repeat(3_000),
                    _ => dice.one(&ODD_PARTS).to_owned(),
                }
            }
            part => part.to_owned(),
        };
        let mut path = route.split('/').map(|part| fill(part, dice)).collect::<Vec<_>>().join("/");
        match dice.way(40) {
            0 => path += ".csv",
            1 => path += "/",
            2 => path = format!("/{path}"),
            3 => path += "%",
            _ => {}
        }
        if dice.once_in(2) { path } else { format!("{path}?{}", self.pairs(dice, 4)) }
    }

    /// Fields of a form, as they are sent.
    fn pairs(&self, dice: &mut Dice, most: usize) -> String {
        if dice.once_in(16) {
            return dice.one(&["%", "%zz=%ff", "&&&=", "a=%00%ff&a", "as=json&as=csv&lang=%ff"]).to_owned();
        }
        let mut pairs = form_urlencoded::Serializer::new(String::new());
        for _ in 0..=dice.below(most) {
            let common = dice.one(&["as", "lang", "view", "from", "go", "open", "kind", "q"]).to_owned();
            let name = if dice.once_in(4) { common } else { nth(&self.names, dice).unwrap_or_default() };
            let value = match (name.as_str(), dice.below(3)) {
                ("as", 0) => "json".to_owned(),
                ("as", 1) => "csv".to_owned(),
                ("lang", 0) => "ur".to_owned(),
                _ => self.value(dice),
            };
            pairs.append_pair(&name, &value);
        }
        pairs.finish()
    }

    /// A request at a route, with what each has who asks.
    pub(crate) fn request(&self, route: &Route<'_>, dice: &mut Dice) -> (String, Request<Body>) {
        let path = self.path(route.path, dice);
        let verb = match route.verb {
            _ if dice.once_in(16) => dice.one(&VERBS),
            Verb::Get => "GET",
            Verb::Post => "POST",
            Verb::Patch => "PATCH",
        };
        let mut heads: BTreeMap<&str, String> =
            route.heads.iter().map(|(name, value)| (*name, value.clone())).collect();
        let mut body = if verb == "GET" && !dice.once_in(12) { Vec::new() } else { self.body(route, dice) };
        if route.is_stream && verb != "GET" && !dice.once_in(4) {
            // A file, in either of the two ways.
            if verb == "PATCH" {
                heads.insert("content-type", "application/offset+octet-stream".to_owned());
                heads.insert("upload-offset", dice.below(8).to_string());
            } else {
                heads.insert("content-type", "multipart/form-data; boundary=edge".to_owned());
                heads.insert("upload-length", dice.below(2_000).to_string());
                body = self.multipart(route, dice);
            }
        }
        for _ in 0..2_usize.saturating_sub(dice.way(4)) {
            let (name, values) = HEADS[dice.below(HEADS.len())];
            heads.insert(name, dice.one(values).to_owned());
        }
        let said =
            format!("{verb} {path} {heads:?} {}", String::from_utf8_lossy(&body[..body.len().min(600)]));
        let mut request = Request::builder().method(verb).uri(&path);
        for (name, value) in heads {
            if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
                request = request.header(name, value);
            }
        }
        // What is no address never comes so far.
        (said, request.body(Body::from(body)).unwrap_or_default())
    }

    fn body(&self, route: &Route<'_>, dice: &mut Dice) -> Vec<u8> {
        let with_token = |text: String| match route.token {
            Some(token) => format!("{text}&token={token}"),
            None => text,
        };
        match dice.way(12) {
            0 => Vec::new(),
            1 => (0..dice.below(2_000)).map(|_| dice.next() as u8).collect(),
            2 => self.multipart(route, dice),
            3 => b"mithaq.reader/v1\n\n\xff".to_vec(),
            4 if dice.once_in(8) => with_token("x=".to_owned() + &"y".repeat(2 << 20)).into_bytes(),
            5 => format!("{{\"go\":\"{}\"}}", self.value(dice)).into_bytes(),
            6 => self.pairs(dice, 6).into_bytes(),
            _ => with_token(self.pairs(dice, 12)).into_bytes(),
        }
    }

    fn multipart(&self, route: &Route<'_>, dice: &mut Dice) -> Vec<u8> {
        let mut body = String::new();
        let token = route.token.unwrap_or("none");
        for (name, value) in
            [("token", token.to_owned()), ("draft", self.value(dice)), ("kind", self.value(dice))]
        {
            body += &format!("--edge\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        }
        let named = self.value(dice).replace(['"', '\r', '\n'], "");
        body += &format!(
            "--edge\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{named}\"\r\ncontent-type: {}\r\n\r\nxyz",
            dice.one(&["text/html", "image/jpeg", ";;", ""])
        );
        if !dice.once_in(4) {
            body += "\r\n--edge--\r\n";
        }
        body.into_bytes()
    }
}

/// A route, and what whoever asks has.
pub(crate) struct Route<'a> {
    pub(crate) path: &'a str,
    pub(crate) verb: Verb,
    pub(crate) heads: &'a [(&'static str, String)],
    /// What each form of the session sends.
    pub(crate) token: Option<&'a str>,
    pub(crate) is_stream: bool,
}

fn nth(of: &BTreeSet<String>, dice: &mut Dice) -> Option<String> {
    of.iter().nth(dice.below(of.len())).cloned()
}
