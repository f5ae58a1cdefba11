//! Keys of an exercise lie with whoever runs the node, so that trying takes no device; its instrument says that this is enough.

use docket::story::amended;

/// Each kind of act that officers sign may be signed by a key that is hosted.
const CUSTODY: &str = "\
[custody]
answer = \"hosted\"
batch = \"hosted\"
challenge = \"hosted\"
confirm = \"hosted\"
correct = \"hosted\"
cut = \"hosted\"
destroy = \"hosted\"
disown = \"hosted\"
extend = \"hosted\"
grant = \"hosted\"
hold = \"hosted\"
intake = \"hosted\"
keep = \"hosted\"
offer = \"hosted\"
open = \"hosted\"
opened = \"hosted\"
publish = \"hosted\"
resume = \"hosted\"
rule = \"hosted\"
screen = \"hosted\"
serve = \"hosted\"
set-aside = \"hosted\"
step = \"hosted\"
suspend = \"hosted\"
transcribe = \"hosted\"
withdraw = \"hosted\"
";

/// An exercise's instrument that takes what hosted keys sign.
pub(crate) fn taking_hosted(instrument: &str) -> String {
    amended(instrument, CUSTODY)
}

#[cfg(test)]
mod tests {
    use instrument::library::shipped;
    use terms::{Custody, Kind};

    use super::taking_hosted;

    #[test]
    fn every_act_of_an_officer_may_be_signed_by_a_hosted_key() {
        let text = taking_hosted(include_str!("../../../instruments/exercise.toml"));
        let instrument = instrument::sound(&text, &shipped()).expect("it is sound");
        let by_others = [
            Kind::Genesis,
            Kind::Enrol,
            Kind::Revoke,
            Kind::Recover,
            Kind::Mark,
            Kind::Freeze,
            Kind::Succeed,
        ];
        for kind in Kind::ALL.iter().filter(|kind| !by_others.contains(kind)) {
            assert_eq!(instrument.custody.least(*kind, None), Custody::Hosted, "{kind}");
        }
        for (step, _) in instrument.procedures.values().flat_map(|procedure| &procedure.steps) {
            assert_eq!(instrument.custody.least(Kind::Step, Some(step)), Custody::Hosted, "{step}");
        }
    }
}
