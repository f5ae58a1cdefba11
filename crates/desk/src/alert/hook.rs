//! A webhook: a program outside is told that there is an alert, as Standard Webhooks 1.0 says, so that it rings or writes to
//! whoever is on that rung. What goes out is a reference, and what was not taken is tried again, over restarts too.

use std::fmt;
use std::net::IpAddr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::http::Uri;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::json;
use sha2::Sha256;
use store::Outgoing;
use ureq::Agent;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

use crate::desk::{Desk, Whole};
use crate::web::rounds::Stop;

/// How often it is looked whether something is to go out.
const EVERY: Duration = Duration::from_secs(1);

/// How long one try may take: what the standard recommends.
const PATIENCE: Duration = Duration::from_secs(20);

/// How many go out in one round.
const AT_ONCE: u32 = 16;

/// How long a reason is that is kept, in characters.
const WHY_MAX: usize = 120;

/// How a secret is written down.
const PREFIX: &str = "whsec_";

/// Where alerts are told outside, as whoever runs the node says it and nobody else.
#[derive(Clone)]
pub struct Hook {
    url: String,
    /// 24 to 64 bytes that both sides know.
    secret: Vec<u8>,
    /// The roots that the receiver's certificate is of; without any, those that browsers know.
    roots: Vec<Certificate<'static>>,
}

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // An address may have a token in it, and the secret is one.
        f.write_str("Hook")
    }
}

impl Hook {
    /// One at an address, by TLS or on this machine, with its secret as the standard writes it and maybe roots in PEM.
    ///
    /// # Errors
    ///
    /// A sentence that says which can't be used, and repeats none.
    pub fn new(url: &str, secret: &str, roots: Option<&[u8]>) -> Result<Hook, String> {
        is_address(url)?;
        let secret = secret.trim().strip_prefix(PREFIX).and_then(|text| STANDARD.decode(text).ok());
        let secret = secret.filter(|bytes| (24..=64).contains(&bytes.len()));
        let secret = secret.ok_or("the secret is `whsec_` and 24 to 64 bytes in base 64")?;
        let certificates = |item: Result<PemItem<'static>, ureq::Error>| match item {
            Ok(PemItem::Certificate(certificate)) => Some(Ok(certificate)),
            Ok(_) => None,
            Err(_) => Some(Err("the roots are no certificates in PEM".to_owned())),
        };
        let roots: Vec<Certificate<'static>> = roots
            .map(|pem| parse_pem(pem).filter_map(certificates).collect())
            .transpose()?
            .unwrap_or_default();
        Ok(Hook { url: url.to_owned(), secret, roots })
    }

    fn agent(&self) -> Agent {
        let roots = match self.roots.as_slice() {
            [] => RootCerts::WebPki,
            roots => RootCerts::new_with_certs(roots),
        };
        // Nobody is led elsewhere: what an answer says is a status, and no more of it is read.
        Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .tls_config(TlsConfig::builder().root_certs(roots).build())
            .build()
            .into()
    }

    /// The signature over what goes out: `v1,` and HMAC-SHA-256 over its name, its time and its text.
    fn signature(&self, id: &str, seconds: u64, text: &str) -> String {
        let mut mac = match Hmac::<Sha256>::new_from_slice(&self.secret) {
            Ok(mac) => mac,
            Err(never) => unreachable!("HMAC takes a key of any length: {never}"),
        };
        mac.update(format!("{id}.{seconds}.{text}").as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }

    /// Sends one. A sentence if it was not taken.
    fn send(&self, agent: &Agent, out: &Outgoing, is_exercise: bool) -> Result<(), String> {
        let text = text(out, is_exercise);
        // Both sides compare it to their own clocks, and not to those of a register.
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let request = agent
            .post(&self.url)
            .header("content-type", "application/json")
            .header("webhook-id", &out.id)
            .header("webhook-timestamp", seconds.to_string())
            .header("webhook-signature", self.signature(&out.id, seconds, &text));
        match request.send(text.as_bytes()) {
            Ok(answer) if answer.status().is_success() => Ok(()),
            Ok(answer) => Err(format!("it answered {}", answer.status().as_u16())),
            Err(error) => Err(reason(&error)),
        }
    }
}

/// What went wrong, without the address.
fn reason(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Timeout(_) => "it did not answer in time".to_owned(),
        ureq::Error::HostNotFound => "its name leads nowhere".to_owned(),
        ureq::Error::Io(error) => format!("it can't be reached: {}", error.kind()),
        ureq::Error::BadUri(_) => "its address can't be read".to_owned(),
        other => format!("it can't be reached: {other}").chars().take(WHY_MAX).collect(),
    }
}

/// What goes out.
fn text(out: &Outgoing, is_exercise: bool) -> String {
    let alert = out.id.split('.').next().unwrap_or_default();
    let mut data = json!({"id": alert, "rung": out.rung});
    if !out.reference.is_empty() {
        data["reference"] = out.reference.as_str().into();
    }
    if is_exercise {
        data["exercise"] = true.into();
    }
    json!({"type": "mithaq.alert", "timestamp": out.made, "data": data}).to_string()
}

/// Nothing, if it is an address to send to: by TLS, or on this machine.
///
/// # Errors
///
/// A sentence that says why it is none.
pub fn is_address(url: &str) -> Result<(), String> {
    let uri: Uri = url.parse().map_err(|_| "it is no address")?;
    let authority = uri.authority().map(axum::http::uri::Authority::as_str).unwrap_or_default();
    let host = uri.host().unwrap_or_default();
    if host.is_empty() || authority.contains('@') {
        return Err("it is `https://HOST/PATH`, without a name or a password before the host".to_owned());
    }
    let ip = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    let is_here = host == "localhost" || ip.is_ok_and(|ip| ip.is_loopback());
    match uri.scheme_str() {
        Some("https") => Ok(()),
        Some("http") if is_here => Ok(()),
        _ => Err("it begins with `https://`; with `http://` only on this machine".to_owned()),
    }
}

impl Desk {
    /// Sends what is to go out, again and again, until it is over.
    pub(crate) fn send_alerts(&self, hook: &Hook, stop: &Stop) {
        // A node that rings nobody must not look as if it did.
        let _whole = Whole;
        let agent = hook.agent();
        let mut was_well = true;
        loop {
            match self.send_due(hook, &agent, stop) {
                Ok(None) => {}
                Ok(Some(Ok(()))) if was_well => {}
                Ok(Some(Ok(()))) => {
                    tracing::info!("the webhook takes alerts again");
                    was_well = true;
                }
                Ok(Some(Err(why))) => {
                    if std::mem::replace(&mut was_well, false) {
                        tracing::warn!(why, "the webhook took no alert");
                    }
                }
                Err(fault) => tracing::error!(%fault, "what goes to the webhook can't be read"),
            }
            if stop.wait(EVERY) {
                return;
            }
        }
    }

    /// Sends what is due, and gives how the last of it went.
    fn send_due(
        &self,
        hook: &Hook,
        agent: &Agent,
        stop: &Stop,
    ) -> Result<Option<Result<(), String>>, store::Fault> {
        let is_exercise = self.held().replay().is_exercise();
        let mut last = None;
        for out in self.private.due_outgoing(self.now(), AT_ONCE)? {
            if stop.is_set() {
                break;
            }
            let came = hook.send(agent, &out, is_exercise);
            match &came {
                Ok(()) => self.private.was_sent(&out.id, self.now())?,
                Err(why) => self.private.was_not_sent(&out, why, self.now())?,
            }
            last = Some(came);
        }
        Ok(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    /// The vector of the standard's own libraries.
    #[test]
    fn it_is_signed_as_the_standard_says() {
        let hook = Hook::new("https://example.org/hook", SECRET, None).expect("good");
        let signed = hook.signature("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}");
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert_eq!(format!("{hook:?}"), "Hook");
    }

    #[test]
    fn it_goes_by_tls_or_stays_on_this_machine() {
        let is_taken = |url: &str| Hook::new(url, SECRET, None).is_ok();
        for good in [
            "https://a.example/x?y=z",
            "http://127.0.0.1:9/x",
            "http://[::1]:9/",
            "http://localhost:9",
            "https://10.0.0.1/",
        ] {
            assert!(is_taken(good), "{good}");
        }
        for bad in [
            "",
            "a.example",
            "http://a.example/",
            "http://10.0.0.1/",
            "http://localhost.example/",
            "http://127.0.0.1@a.example/",
            "https://name:word@a.example/",
            "file:///etc/passwd",
            "https://",
        ] {
            assert!(!is_taken(bad), "{bad}");
        }
        for bad in ["", "whsec_", "whsec_c2hvcnQ=", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] {
            let why = Hook::new("https://a.example/", bad, None).expect_err("no secret");
            assert!(bad.is_empty() || !why.contains(bad) || bad == "whsec_", "{why}");
        }
        assert!(Hook::new("https://a.example/", SECRET, Some(b"-----BEGIN CERTIFICATE-----\nx")).is_err());
    }
}
