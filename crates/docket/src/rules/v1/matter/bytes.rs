//! A matter as bytes, for a place outside memory: of this program's own, and of no version but this.

use std::sync::Arc;

use super::Matter;
use crate::rules::v1::law::Law;

/// A matter as bytes. Its law is the one with this number among those that the reader has; its procedure is that law's.
pub(in crate::rules::v1) fn of(matter: &Matter, law: usize) -> Vec<u8> {
    let Matter { law: _, procedure: _, id, reference, kind, opener, tier, opened, fields, .. } = matter;
    let Matter { strands, said, withdrawn, withdrew, parent, disowned, filled, .. } = matter;
    let head = (id, reference, kind, opener, tier, opened, fields);
    let life = (strands, said, withdrawn, withdrew, parent, disowned, filled);
    #[expect(clippy::expect_used, reason = "there is room for what is written, and all of it has a form")]
    postcard::to_allocvec(&(law, head, life)).expect("a matter has bytes")
}

/// The matter that these bytes are, if they are one.
pub(in crate::rules::v1) fn read(bytes: &[u8], laws: &[Arc<Law>]) -> Option<Matter> {
    let (law, head, life): (usize, _, _) = postcard::from_bytes(bytes).ok()?;
    let (id, reference, kind, opener, tier, opened, fields) = head;
    let (strands, said, withdrawn, withdrew, parent, disowned, filled) = life;
    let law = Arc::clone(laws.get(law)?);
    let procedure = Arc::clone(law.procedure(&kind)?);
    Some(Matter {
        id,
        reference,
        kind,
        law,
        procedure,
        opener,
        tier,
        opened,
        fields,
        strands,
        said,
        withdrawn,
        withdrew,
        parent,
        disowned,
        filled,
    })
}
