//! The forms of a desk beside those that keep words: what each does, and whether it is done.

use std::io::Result;
use std::time::Duration;

use super::authenticator::Authenticator;
use super::deeds::{Deed, What};
use super::running::{Got, Person, between};

/// The officer whose passkey signs.
const OFFICER: &str = "duty-1";

/// How many settings can be told from each other: minutes ahead of UTC.
const ZONES: u64 = 840;

fn json(person: &Person, page: &str) -> Result<serde_json::Value> {
    let got = person.get(&format!("{page}?as=json"))?;
    assert_eq!(got.status, 200, "{page}: {}", got.body);
    Ok(serde_json::from_str(&got.body).unwrap())
}

fn list<'j>(json: &'j serde_json::Value, name: &str) -> &'j [serde_json::Value] {
    json[name].as_array().map(Vec::as_slice).unwrap_or_default()
}

/// An officer with a passkey, whose enrolment is final: then it signs.
pub(crate) fn officer(person: &Person) {
    let enrolled = enrol(person, OFFICER, passkey(person, 7)).unwrap();
    assert!(enrolled.status < 400, "{}", enrolled.body);
    soon(|| {
        let people = json(person, "people").unwrap();
        list(&people, "officers").iter().any(|officer| officer["label"] == OFFICER).then_some(())
    });
}

fn passkey(person: &Person, seed: u8) -> Authenticator {
    Authenticator::new(seed, &person.host)
}

/// A door may be asked only so often by one address.
fn patiently(asks: impl Fn() -> Result<Got>) -> Result<Got> {
    let mut got = asks()?;
    while got.status == 429 {
        std::thread::sleep(Duration::from_millis(250));
        got = asks()?;
    }
    Ok(got)
}

/// Invites somebody, makes their passkey and has the roots enrol it: what of that was not done yet.
fn enrol(person: &Person, label: &str, passkey: Authenticator) -> Result<Got> {
    let people = json(person, "people")?;
    let is = |all: &str| list(&people, all).iter().any(|one| one["label"] == label);
    if is("officers") {
        return person.get("people");
    }
    if !is("waiting") {
        let page = person.post("people", &[("label", label), ("office", "Duty office")])?;
        let Some((_, link)) = page.body.split_once("<code>http://") else { return Ok(page) };
        let link =
            link.split_once('<').and_then(|(link, _)| Some(format!("/{}", link.split_once('/')?.1))).unwrap();
        let page = patiently(|| person.get(&link))?;
        let challenge = between(&page.body, "data-challenge=\"").unwrap();
        let (key, credential, asserted) = (passkey.spki(), passkey.credential(), passkey.assert(challenge));
        let form = [("key", &*key), ("credential", &*credential), ("assertion", &*asserted)];
        let made = patiently(|| person.post(&link, &form))?;
        if made.status != 200 {
            return Ok(made);
        }
    }
    person.post(&format!("people/{label}/enrol"), &[])
}

/// An act that its officer's passkey has asserted, and that was not sent yet.
pub(crate) struct Half {
    path: String,
    read: String,
    asserted: String,
}

impl Half {
    pub(crate) fn answer(&self, person: &Person) -> Result<Got> {
        let form = [("read", &*self.read), ("by", OFFICER), ("ticked", "1"), ("assertion", &*self.asserted)];
        person.post(&self.path, &form)
    }
}

/// Something to be told of: a task in a matter, for somebody else; gives its name once it is there.
pub(crate) fn alerted(person: &Person) -> String {
    assert_eq!(Deed::new(What::Sign, 52).take(person).unwrap().status, 303);
    let incidents = soon(|| {
        let list = person.get("incidents?view=all&as=json").unwrap();
        Some(serde_json::from_str::<serde_json::Value>(&list.body).unwrap())
            .filter(|all| all["rows"][0]["matter"]["reference"].is_string())
    });
    let reference = incidents["rows"][0]["matter"]["reference"].as_str().unwrap();
    let task = [("says", "Ask again"), ("who", "ops-2"), ("reference", reference)];
    assert_eq!(person.post("worklist", &task).unwrap().status, 303);
    soon(|| json(person, "alerts").unwrap()["rows"][0]["id"].as_str().map(str::to_owned))
}

/// What comes about by itself.
fn soon<T>(look: impl Fn() -> Option<T>) -> T {
    for _ in 0..240 {
        if let Some(found) = look() {
            return found;
        }
        std::thread::sleep(Duration::from_millis(250));
    }
    panic!("it does not come about within a minute");
}

/// Who has taken what somebody was told of.
pub(crate) fn taken_by(person: &Person, alert: &str) -> Option<String> {
    let all: serde_json::Value =
        serde_json::from_str(&person.get("alerts?view=all&as=json").unwrap().body).unwrap();
    let row = list(&all, "rows").iter().find(|row| row["id"] == alert).unwrap();
    row["taken"]["by"].as_str().map(str::to_owned)
}

impl Deed {
    fn label(&self) -> String {
        format!("o{}", self.number)
    }

    /// Does it; gives the last answer.
    pub(super) fn take_form(&self, person: &Person) -> Result<Got> {
        let (name, words) = (self.name.as_str(), self.words.as_str());
        match self.what {
            What::Strike => {
                let there = person.get(&format!("watch/{name}?as=json"))?;
                if there.body.contains(words) {
                    return Ok(there);
                }
                let kept = person.post("watch", &[("id", name), ("says", "a line"), ("kind", "note")])?;
                match kept.status {
                    200 | 303 => person.post(&format!("watch/{name}"), &[("go", "strike"), ("says", words)]),
                    _ => Ok(kept),
                }
            }
            What::Done => {
                let kept = person.post("worklist", &[("id", name), ("says", words)])?;
                match kept.status {
                    200 | 303 => person.post(&format!("worklist/{name}"), &[("go", "done")]),
                    _ => Ok(kept),
                }
            }
            What::HandOver => self.hand_over(person),
            What::Import => {
                // Each has a name of its own, so that nothing comes in twice.
                let row = |end: &str| format!("{}{end},{words}-{end}\n", &name[..name.len() - 1]);
                person.post("directory/import", &[("csv", &format!("id,office\n{}{}", row("a"), row("b")))])
            }
            What::View => {
                let form = [("go", "save"), ("page", "watch"), ("name", words), ("query", "view=all")];
                person.post("views", &[&form[..], &[("id", name)]].concat())
            }
            What::Settings => {
                // What was set later stays.
                if self.is_set(&json(person, "settings")?) {
                    return person.get("settings");
                }
                let minutes = self.number % ZONES;
                person.post("settings", &[("zone", &format!("+{:02}:{:02}", minutes / 60, minutes % 60))])
            }
            What::Access => {
                let access = json(person, "access")?;
                let said = list(&access, "people").iter().flat_map(|one| {
                    let may = list(one, "may").iter().filter(|tick| tick["may"] == true);
                    may.map(|tick| {
                        format!("{} {}", one["who"].as_str().unwrap(), tick["part"].as_str().unwrap())
                    })
                });
                let own =
                    ["access", "directory", "drafts", "good-offices", "notes", "publish", "tasks", "watch"];
                let own = own.map(|part| format!("ops-1 {part}"));
                let all: Vec<String> = said.chain(own).chain([format!("{} watch", self.label())]).collect();
                let form: Vec<(&str, &str)> = all.iter().map(|may| ("may", may.as_str())).collect();
                person.post("access", &form)
            }
            What::Enrol => {
                // Of each a key of its own: two that are made are ten numbers apart.
                let seed = u8::try_from(20 + self.number / 10 % 200).unwrap();
                enrol(person, &self.label(), passkey(person, seed))
            }
            _ => self.sign_by_passkey(person),
        }
    }

    /// One handover waits at a time: the one before is withdrawn, unless it is this.
    fn hand_over(&self, person: &Person) -> Result<Got> {
        let here = format!("watch/hand-over/{}", self.name);
        let there = person.get(&here)?;
        if there.status == 200 {
            return Ok(there);
        }
        if let Some(before) = json(person, "watch")?["handover"]["href"].as_str() {
            let gone = person.post(before, &[("go", "withdraw")])?;
            if gone.status != 303 {
                return Ok(gone);
            }
        }
        person.post("watch/hand-over", &[("id", &self.name), ("taker", "ops-2"), ("says", &self.words)])
    }

    fn sign_by_passkey(&self, person: &Person) -> Result<Got> {
        match self.ask(person)? {
            Ok(half) => half.answer(person),
            Err(got) => Ok(got),
        }
    }

    /// Keeps a draft, and asks what its officer's passkey is to assert; or what came instead.
    pub(crate) fn ask(&self, person: &Person) -> Result<std::result::Result<Half, Got>> {
        let path = format!("sign/{}", self.name);
        if person.get(&path)?.status == 404 {
            let kept = self.draft(person)?;
            if kept.status != 303 {
                return Ok(Err(kept));
            }
        }
        let page = person.get(&path)?;
        let Some(read) = between(&page.body, "name=\"read\" value=\"") else { return Ok(Err(page)) };
        let form = [("read", read), ("by", OFFICER), ("ticked", "1"), ("ask", "1")];
        let question = person.post(&path, &form)?;
        let said: serde_json::Value = serde_json::from_str(&question.body).unwrap_or_default();
        let Some(challenge) = said["challenge"].as_str() else { return Ok(Err(question)) };
        let (read, asserted) = (read.to_owned(), passkey(person, 7).assert(challenge));
        Ok(Ok(Half { path, read, asserted }))
    }

    fn is_set(&self, settings: &serde_json::Value) -> bool {
        settings["zone"].as_u64().is_some_and(|set| set >= self.number % ZONES)
    }

    /// How often it is done.
    pub(super) fn count_form(&self, person: &Person) -> usize {
        let (name, words) = (self.name.as_str(), self.words.as_str());
        let label = self.label();
        match self.what {
            What::Strike => {
                let line = person.get(&format!("watch/{name}?as=json")).unwrap();
                line.body.matches(words).count()
            }
            What::Done => {
                let all = json(person, "worklist").unwrap();
                // A kill may have come between its setting and this.
                let is_open = list(&all, "tasks").iter().any(|task| task["says"] == words);
                assert!(!is_open || !self.is_done, "it is open still");
                let task = person.get(&format!("worklist/{name}?as=json")).unwrap();
                usize::from(task.status == 200 && task.body.contains("\"done\": {"))
            }
            What::HandOver => {
                let handover = person.get(&format!("watch/hand-over/{name}?as=json")).unwrap();
                handover.body.matches(words).count()
            }
            What::Import => {
                let posts = person.get("directory?view=all&as=json").unwrap();
                let count = |end: &str| posts.body.matches(&format!("\"office\": \"{words}-{end}\"")).count();
                assert_eq!(count("a"), count("b"), "all rows come in, or none");
                count("a")
            }
            What::View => {
                let page = person.get("watch?as=json&view=all").unwrap().body;
                let saved = person.get("watch").unwrap().body;
                assert!(!page.contains(words), "a view is no line");
                usize::from(saved.contains(words))
            }
            // Whatever was set after it stands in its place.
            What::Settings => usize::from(self.is_set(&json(person, "settings").unwrap())),
            What::Access => {
                let access = json(person, "access").unwrap();
                let is_said = |one: &&serde_json::Value| {
                    one["who"] == label && list(one, "may").iter().any(|tick| tick["may"] == true)
                };
                list(&access, "people").iter().filter(is_said).count()
            }
            _ => {
                let mut tries = 0;
                loop {
                    let people = json(person, "people").unwrap();
                    let is_said = |one: &&serde_json::Value| one["label"] == label;
                    let is_sent = |one: &&serde_json::Value| is_said(one) && one["is-on-its-way"] == true;
                    let count = list(&people, "officers").iter().filter(is_said).count()
                        + list(&people, "waiting").iter().filter(is_sent).count();
                    // Between the mark that covers it and the docket that has read that, the page says neither for a moment.
                    if count > 0 || tries == 20 || !list(&people, "waiting").iter().any(|one| is_said(&one)) {
                        return count;
                    }
                    tries += 1;
                    std::thread::sleep(Duration::from_millis(100));
                }
            }
        }
    }
}
