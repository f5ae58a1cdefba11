//! Why an act comes to nothing, and why a registrar refuses one.

use docket::v1::VoidReason;
use lang::Texts;
use terms::RefusalGround;

pub(crate) fn void(texts: &Texts, reason: VoidReason) -> String {
    let id = match reason {
        VoidReason::Excluded => "void-excluded",
        VoidReason::Unknown => "void-unknown",
        VoidReason::Closed => "void-closed",
        VoidReason::NoPower => "void-no-power",
        VoidReason::OwnHand => "void-own-hand",
        VoidReason::TwoOfficers => "void-two-officers",
        VoidReason::Vacant => "void-vacant",
        VoidReason::Late => "void-late",
        VoidReason::WrongState => "void-wrong-state",
        VoidReason::Form => "void-form",
        VoidReason::NotCitable => "void-not-citable",
    };
    texts.say(id, &[])
}

pub(crate) fn refusal(texts: &Texts, ground: RefusalGround) -> String {
    let id = match ground {
        RefusalGround::Form => "refused-form",
        RefusalGround::Signature => "refused-signature",
        RefusalGround::Key => "refused-key",
        RefusalGround::Number | RefusalGround::Previous => "refused-number",
        RefusalGround::Duplicate => "refused-duplicate",
        RefusalGround::Quota => "refused-quota",
    };
    texts.say(id, &[])
}
