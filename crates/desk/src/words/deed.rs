//! What an entry is: what was done, in which matter, and whether it has an effect.

use act::body::Transcribed;
use act::value::MatterRef;
use act::{Act, Body};
use docket::v1::event::What;
use serde::Serialize;
use terms::{Code, Kind};

use super::Reader;
use super::matter::Named;
use super::void::{refusal, void};
use crate::desk::Held;

/// What was done.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Deed {
    /// The act's kind, as acts have it.
    pub(crate) kind: String,
    #[serde(skip)]
    pub(crate) words: String,
    /// Of which procedure, or which step of it, in the instrument's words.
    pub(crate) of: Option<String>,
    pub(crate) matter: Option<Named>,
}

impl Deed {
    pub(crate) fn of(reader: Reader<'_>, act: &Act) -> Deed {
        let body = act.body();
        let named = match body {
            Body::Open(_) => Some(MatterRef::Opened(act.id())),
            Body::Transcribe(transcribe) if matches!(transcribe.what, Transcribed::Open(_)) => {
                Some(MatterRef::Opened(act.id()))
            }
            _ => body.matter(),
        };
        let found = named.and_then(|named| reader.replay.settlement().matter(&named));
        let step = |step: &Code| reader.word_if(found.map(|(_, matter)| &*matter.procedure), step);
        let of = match body {
            Body::Open(open) => Some(reader.kind(&open.procedure)),
            Body::Step(said) => Some(step(&said.step)),
            Body::Transcribe(transcribe) => Some(match &transcribe.what {
                Transcribed::Open(open) => reader.kind(&open.procedure),
                Transcribed::Step(said) => step(&said.step),
            }),
            _ => None,
        };
        Deed {
            kind: body.kind().to_string(),
            words: reader.texts.say(kind_id(body.kind()), &[]),
            of,
            matter: found.map(|(_, matter)| Named::of(reader, matter)),
        }
    }
}

/// How an entry stands.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Stands {
    /// `pending`, `final`, `void` or `malformed`.
    pub(crate) is: &'static str,
    #[serde(skip)]
    pub(crate) words: String,
    /// Why it has no effect, where it has none.
    pub(crate) why: Option<String>,
}

impl Stands {
    pub(crate) fn of(reader: Reader<'_>, held: &Held, index: u64) -> Stands {
        let texts = reader.texts;
        let (is, id, why) = match held.happened().odd(index) {
            Some(What::Malformed(ground)) => ("malformed", "stands-malformed", Some(refusal(texts, *ground))),
            Some(What::Void(reason)) => ("void", "stands-void", Some(void(texts, *reason))),
            _ if index < reader.replay.timeline().settled() => ("final", "final", None),
            _ => ("pending", "pending", None),
        };
        Stands { is, words: texts.say(id, &[]), why }
    }
}

/// What an act's kind is called.
pub(crate) const fn kind_id(kind: Kind) -> &'static str {
    match kind {
        Kind::Genesis => "kind-genesis",
        Kind::Enrol => "kind-enrol",
        Kind::Revoke => "kind-revoke",
        Kind::Disown => "kind-disown",
        Kind::Recover => "kind-recover",
        Kind::Mark => "kind-mark",
        Kind::Intake => "kind-intake",
        Kind::Freeze => "kind-freeze",
        Kind::Succeed => "kind-succeed",
        Kind::Open => "kind-open",
        Kind::Step => "kind-step",
        Kind::Correct => "kind-correct",
        Kind::Withdraw => "kind-withdraw",
        Kind::Batch => "kind-batch",
        Kind::Offer => "kind-offer",
        Kind::Grant => "kind-grant",
        Kind::Keep => "kind-keep",
        Kind::Opened => "kind-opened",
        Kind::Answer => "kind-answer",
        Kind::Challenge => "kind-challenge",
        Kind::Rule => "kind-rule",
        Kind::Hold => "kind-hold",
        Kind::Destroy => "kind-destroy",
        Kind::Extend => "kind-extend",
        Kind::Suspend => "kind-suspend",
        Kind::Resume => "kind-resume",
        Kind::Cut => "kind-cut",
        Kind::SetAside => "kind-set-aside",
        Kind::Serve => "kind-serve",
        Kind::Transcribe => "kind-transcribe",
        Kind::Confirm => "kind-confirm",
        Kind::Screen => "kind-screen",
        Kind::Publish => "kind-publish",
    }
}
