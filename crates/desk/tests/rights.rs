//! Every route of the table, asked by people of every right: what a route needs is what the table says, and a new one can't
//! dodge it.

#[path = "../../node/tests/common/mod.rs"]
mod common;

mod served;
mod shift;

use std::collections::{BTreeMap, BTreeSet};

use common::at;
use desk::web::routes::{Needs, ROUTES, Route, Verb, Who};
use served::{Browser, Got, ask};
use shift::{HOST, harbour};
use store::Part;

/// The routes whose pages ask for themselves, since what they need depends on what is sent: each has a test in `private.rs`.
const OF_PAGE: [&str; 5] = [
    "/{agreement}/feed/end",
    "/{agreement}/memo",
    "/{agreement}/memo/erase",
    "/{agreement}/held",
    "/{agreement}/held/drop",
];

fn name(prefix: &str, parts: &[Part]) -> String {
    parts.iter().fold(prefix.to_owned(), |name, part| format!("{name}-{}", part.as_str()))
}

/// What each route needs of who is signed in.
fn needs() -> impl Iterator<Item = (&'static Route, &'static [Part])> {
    ROUTES.iter().filter_map(|route| match route.who {
        Who::SignedIn(Needs::Parts(parts)) => Some((route, parts)),
        _ => None,
    })
}

#[test]
fn a_route_is_for_those_whom_its_table_lets_in() {
    let harbour = harbour();
    harbour.at(at(16), |desks| {
        let sets: BTreeSet<&[Part]> = needs().map(|(_, parts)| parts).collect();
        let but = |part: Part| Part::ALL.into_iter().filter(move |other| *other != part);
        let mut people: BTreeMap<String, Vec<Part>> =
            sets.iter().map(|parts| (name("of", parts), parts.to_vec())).collect();
        people.extend(Part::ALL.map(|part| (name("but", &[part]), but(part).collect())));
        let browsers: BTreeMap<&str, Browser> =
            people.keys().map(|who| (who.as_str(), desks.sit(who))).collect();
        let may: Vec<String> = people
            .iter()
            .flat_map(|(who, parts)| parts.iter().map(move |part| format!("{who} {}", part.as_str())))
            .collect();
        let form: Vec<(&str, &str)> = may.iter().map(|may| ("may", may.as_str())).collect();
        assert_eq!(browsers["of"].post("access", &form).status, 303);
        let told = |route: &Route, who: &str| told(&browsers[who], route, &harbour.reference);
        for (route, parts) in needs().filter(|(route, _)| !route.path.starts_with("/out")) {
            let got = told(route, &name("of", parts));
            assert!(!is_shut(&got) && got.status < 500, "{}: {}", route.path, got.body);
            for part in parts {
                let got = told(route, &name("but", &[*part]));
                assert!(is_shut(&got), "{} without {}: {}", route.path, part.as_str(), got.body);
            }
        }
    });
    let of_page = ROUTES.iter().filter(|route| route.who == Who::SignedIn(Needs::OfPage));
    assert_eq!(of_page.map(|route| route.path).collect::<Vec<_>>(), OF_PAGE);
}

fn is_shut(got: &Got) -> bool {
    got.status == 403 && got.body == "{\"error\":\"not-yours\"}"
}

/// How a route answers somebody who sends nothing that would change anything.
fn told(browser: &Browser, route: &Route, reference: &str) -> Got {
    let path = route
        .path
        .replace("{agreement}", &browser.agreement)
        .replace("{kind}", "notices")
        .replace("{reference}", reference)
        .replace("{step}", "acknowledge")
        .replace("{relief}", "suspend")
        .replace("{entry}", "1")
        .replace("{number}", "1");
    let json = ("accept", "application/json");
    match route.verb {
        Verb::Get => {
            ask(browser.at, Verb::Get, &path, &[("host", HOST), ("cookie", &browser.cookie), json], "")
        }
        Verb::Patch => {
            let origin = format!("http://{HOST}");
            let with = [("host", HOST), ("cookie", &browser.cookie), ("origin", &origin), json];
            ask(browser.at, Verb::Patch, &path, &with, "")
        }
        Verb::Post => browser.post_as_it_is(&path, &[("token", &browser.token), ("may", "?")], &[json]),
    }
}
