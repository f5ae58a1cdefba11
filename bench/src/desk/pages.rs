//! Asks for every page again and again.

use std::collections::BTreeSet;
use std::io::{self, Read as _, Write};
use std::time::{Duration, Instant as Clock};

use ::desk::web::routes::{ROUTES, Verb, Who};

use super::Served;

/// How often a page is asked, unless that takes longer than this.
const TIMES: usize = 200;
const AT_MOST: Duration = Duration::from_secs(3);

/// The largest answer that is read: a spreadsheet of everything.
const BYTES_MAX: u64 = 4 << 30;

/// Somebody who is signed in.
pub(crate) struct Browser {
    agent: ureq::Agent,
    root: String,
    agreement: String,
    cookie: String,
}

struct Got {
    status: u16,
    body: Vec<u8>,
}

/// How long an answer took to its last byte, and how many there were.
struct Took {
    status: u16,
    bytes: u64,
    time: Duration,
}

impl Browser {
    pub(crate) fn open(served: &Served) -> Result<Browser, String> {
        let config = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0);
        let agent: ureq::Agent = config.build().into();
        let root = format!("http://{}", served.host);
        let way_in = format!("{root}{}", served.desk.way_in()?);
        let answer = agent.post(&way_in).header("origin", &root).send_empty();
        let answer = answer.map_err(|error| error.to_string())?;
        let cookie = answer.headers().get("set-cookie").and_then(|cookie| cookie.to_str().ok());
        let cookie = cookie.and_then(|cookie| cookie.split(';').next()).ok_or("nobody was signed in")?;
        let (agreement, cookie) = (served.desk.agreement().to_owned(), cookie.to_owned());
        Ok(Browser { agent, root, agreement, cookie })
    }

    /// As it is sent: this agent unpacks nothing.
    fn read(&self, path: &str, into: &mut dyn Write) -> Result<Took, String> {
        let began = Clock::now();
        let asked = self.agent.get(format!("{}{path}", self.root));
        let answer = asked.header("cookie", &self.cookie).header("accept-encoding", "gzip").call();
        let mut answer = answer.map_err(|error| format!("{path}: {error}"))?;
        let mut body = answer.body_mut().with_config().limit(BYTES_MAX).reader();
        let bytes = io::copy(&mut body, into).map_err(|error| format!("{path}: {error}"))?;
        Ok(Took { status: answer.status().as_u16(), bytes, time: began.elapsed() })
    }

    fn get(&self, path: &str) -> Result<Got, String> {
        let mut body = Vec::new();
        let Took { status, .. } = self.read(path, &mut body)?;
        Ok(Got { status, body })
    }

    /// Reads it and keeps nothing: the memory that is measured is the node's.
    fn took(&self, path: &str) -> Result<Took, String> {
        self.read(path, &mut io::sink())
    }

    fn page(&self, path: &str) -> String {
        format!("/{}/{path}", self.agreement)
    }

    fn json(&self, path: &str) -> Result<serde_json::Value, String> {
        let got = self.get(&self.page(path))?;
        serde_json::from_slice(&got.body).map_err(|error| format!("{path} ({}): {error}", got.status))
    }
}

/// What one page came to.
struct Measured {
    times: usize,
    p50_ms: f64,
    p99_ms: f64,
    bytes: u64,
    status: u16,
}

fn of_page(browser: &Browser, path: &str) -> Result<Measured, String> {
    let first = browser.took(path)?;
    let began = Clock::now();
    let mut took = Vec::new();
    while took.len() < TIMES && (took.len() < 3 || began.elapsed() < AT_MOST) {
        took.push(browser.took(path)?.time.as_secs_f64() * 1000.0);
    }
    took.sort_by(f64::total_cmp);
    let at =
        |part: usize| took.get((took.len() * part / 100).min(took.len() - 1)).copied().unwrap_or_default();
    let (p50_ms, p99_ms) = (at(50), at(99));
    Ok(Measured { times: took.len(), p50_ms, p99_ms, bytes: first.bytes, status: first.status })
}

/// Every page that there is something for, and the slowest of them last.
pub(crate) fn measure(browser: &Browser) -> Result<(), String> {
    let limit = of_page(browser, "/")?;
    println!(
        "  beside: the redirect at `/`, which passes every door and reads no docket: p50 {:.2} ms, p99 {:.2} ms",
        limit.p50_ms, limit.p99_ms
    );
    first_page(browser)?;
    let (paths, left) = paths(browser)?;
    println!("  {:<58} {:>5} {:>9} {:>9} {:>10}", "page", "times", "p50 ms", "p99 ms", "bytes");
    let mut over = Vec::new();
    for path in paths {
        let Measured { times, p50_ms, p99_ms, bytes, status } = of_page(browser, &path)?;
        let said = if status == 200 { String::new() } else { format!("  (status {status})") };
        println!("  {path:<58} {times:>5} {p50_ms:>9.1} {p99_ms:>9.1} {bytes:>10}{said}");
        if p99_ms > 50.0 {
            over.push((p99_ms, path));
        }
    }
    println!("  not measured, as this desk has none of what they are of: {}", left.join(" "));
    over.sort_by(|a, b| b.0.total_cmp(&a.0));
    println!("  {} pages have a p99 over 50 ms", over.len());
    for (p99, path) in over {
        println!("    {p99:>9.1} ms  {path}");
    }
    Ok(())
}

/// The overview as a browser loads it for the first time: with its sheets and scripts, without fonts and the map.
fn first_page(browser: &Browser) -> Result<(), String> {
    let page = browser.get(&browser.page(""))?;
    let mut text = String::new();
    let unpacked = flate2::read::GzDecoder::new(&page.body[..]).read_to_string(&mut text);
    unpacked.map_err(|error| format!("the overview does not come compressed: {error}"))?;
    let mut found = BTreeSet::new();
    let mut bytes = page.body.len();
    for part in text.split(['"', ' ']).filter(|part| part.starts_with("/assets/")) {
        if !part.contains("/fonts/") && found.insert(part.to_owned()) {
            bytes += browser.get(part)?.body.len();
        }
    }
    println!(
        "  the overview for the first time: {bytes} bytes in {} requests, of them {} the page (goal: under 100,000)",
        found.len() + 1,
        page.body.len()
    );
    Ok(())
}

/// The paths to ask for, made from the table of routes; and the routes for which this desk has nothing.
fn paths(browser: &Browser) -> Result<(Vec<String>, Vec<String>), String> {
    let list = |kind: &str| -> Result<(u64, String), String> {
        let all = browser.json(&format!("{kind}?view=all&as=json"))?;
        let reference = all["rows"][0]["matter"]["reference"].as_str().ok_or("no matter")?;
        Ok((all["of"].as_u64().unwrap_or(0), reference.to_owned()))
    };
    let record = browser.json("record?as=json")?;
    let size = record["size"].as_u64().or_else(|| record["entries"].as_u64()).unwrap_or(1_000);
    let kinds = [("incidents", list("incidents")?, "account"), ("cases", list("cases")?, "reserve")];
    let mut paths = Vec::new();
    let mut left = Vec::new();
    for route in ROUTES.iter().filter(|route| route.verb == Verb::Get) {
        let is_page = matches!(route.who, Who::SignedIn(_) | Who::Reads(_));
        let is_static =
            route.path.starts_with("/assets") || route.path == "/" || route.path.ends_with("/events");
        if !is_page || is_static {
            continue;
        }
        let mut made = vec![route.path.replace("{agreement}", &browser.agreement)];
        for (name, values) in [
            ("{entry}", vec!["0".to_owned(), (size / 2).to_string()]),
            ("{z}/{x}/{y}", ["0/0/0", "5/12/15", "8/99/125", "12/1593/2024"].map(str::to_owned).to_vec()),
            ("{level}/{*tile}", vec!["0/000".to_owned()]),
            ("entries/{*tile}", vec!["entries/000".to_owned()]),
        ] {
            made =
                made.iter().flat_map(|path| values.iter().map(|value| path.replace(name, value))).collect();
            made.dedup();
        }
        if route.path.contains("/agreement/{kind}") {
            made = made.iter().map(|path| path.replace("{kind}", "case")).collect();
        }
        if route.path.contains("{kind}") {
            made = kinds
                .iter()
                .flat_map(|(kind, (_, reference), step)| {
                    made.iter().map(move |path| {
                        let path = path.replace("{kind}", kind).replace("{reference}", reference);
                        path.replace("{step}", step)
                    })
                })
                .collect();
            made.retain(|path| !path.contains("/cases/map"));
        }
        match made.iter().any(|path| path.contains('{')) {
            true => left.push(route.path.to_owned()),
            false => paths.extend(made),
        }
    }
    for (kind, (of, reference), _) in &kinds {
        let middle = of / 2 / 200 * 200 + 1;
        for query in [
            "?view=all".to_owned(),
            format!("?view=all&from={middle}"),
            "?view=ours".to_owned(),
            "?view=all&of=secretariat".to_owned(),
            "?view=all&state=unreviewed".to_owned(),
            "?view=all&since=2026-01-10&until=2026-01-11".to_owned(),
            format!("?view=all&reference={reference}"),
            "?view=all&as=json".to_owned(),
            ".csv?view=ours".to_owned(),
        ] {
            paths.push(browser.page(&format!("{kind}{query}")));
        }
        paths.push(browser.page(&format!("search?q={reference}")));
    }
    for query in
        ["incidents?view=all&box=-39,5,-38,6", "incidents/map/5/12/15?view=all", "incidents.csv?view=all"]
    {
        paths.push(browser.page(query));
    }
    // A word that many have, one that nobody has, and a part of references.
    for words in ["fire", "no-such-word", "26-00"] {
        paths.push(browser.page(&format!("search?q={words}")));
    }
    paths.push(browser.page("help/first"));
    for query in [format!("record?to={}", size / 2), "record?as=json".to_owned(), "?as=json".to_owned()] {
        paths.push(browser.page(&query));
    }
    Ok((paths, left))
}
