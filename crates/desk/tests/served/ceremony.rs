//! What an authenticator does at a desk, by the pages and forms that its script would use.

use super::authenticator::Authenticator;
use super::{Browser, Got, between};

impl Authenticator {
    /// The public key, as an enrolment has it.
    pub(crate) fn public(&self) -> note::PasskeyKey {
        note::PasskeyKey::Es256(self.point().try_into().expect("33 bytes"))
    }

    /// Makes the passkey at the page of a link; gives the page that comes then.
    pub(crate) fn enrol(&self, browser: &Browser, link: &str) -> String {
        let patiently = |asks: &dyn Fn() -> Got| {
            let mut got = asks();
            // A door may be asked only so often by one address.
            for _ in 0..10 {
                if got.status != 429 {
                    break;
                }
                std::thread::sleep(std::time::Duration::from_secs(1));
                got = asks();
            }
            got
        };
        let page = patiently(&|| browser.get(link));
        assert_eq!(page.status, 200, "{}", page.body);
        let challenge = between(&page.body, "data-challenge=\"", "\"").expect("a challenge");
        let asserted = self.assert(challenge);
        let form = [("key", &self.spki()), ("credential", &self.credential()), ("assertion", &asserted)];
        let form = form.map(|(name, value)| (name, value.as_str()));
        patiently(&|| browser.post_as_it_is(link, &form, &[])).body
    }

    /// Asks the desk what is to be asserted for a sign page, by a key.
    pub(crate) fn question(&self, browser: &Browser, path: &str, by: &str) -> serde_json::Value {
        let page = browser.get(path);
        let read =
            between(&page.body, "name=\"read\" value=\"", "\"").unwrap_or_else(|| panic!("{}", page.body));
        let got = browser.post(path, &[("read", read), ("by", by), ("ticked", "1"), ("ask", "1")]);
        serde_json::from_str(&got.body).unwrap_or_else(|_| panic!("{}", got.body))
    }

    /// Signs what stands at a path; gives where it leads.
    pub(crate) fn sign(&self, browser: &Browser, path: &str, by: &str) -> String {
        let question = self.question(browser, path, by);
        let challenge = question["challenge"].as_str().unwrap_or_else(|| panic!("{question}"));
        self.answer(browser, path, by, &self.assert(challenge))
    }

    /// Sends an assertion.
    pub(crate) fn answer(&self, browser: &Browser, path: &str, by: &str, assertion: &str) -> String {
        let page = browser.get(path);
        let read = between(&page.body, "name=\"read\" value=\"", "\"").expect("it can be signed");
        let form = [("read", read), ("by", by), ("ticked", "1"), ("assertion", assertion)];
        let got = browser.post(path, &form);
        assert_eq!(got.status, 303, "{path}: {}", got.body);
        got.head["location"].clone()
    }
}
