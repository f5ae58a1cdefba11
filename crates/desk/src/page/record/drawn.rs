//! An inclusion path as a drawing: the entry below, the root above, and beside each step the neighbour that it was
//! supplied with, on the side where that stands in the tree. Never mirrored.

use tlog::Rise;

/// From one step to the next.
const STEP: (i64, i64) = (40, 36);
/// Room for a fingerprint beside a dot, and for a line of words above and below.
const ROOM: (i64, i64) = (84, 26);

/// The drawing, in its own units.
pub(crate) struct Drawn {
    pub(crate) width: i64,
    pub(crate) height: i64,
    pub(crate) lines: Vec<Line>,
    pub(crate) dots: Vec<Dot>,
    /// The fingerprints, at their dots.
    pub(crate) hashes: Vec<Label>,
    pub(crate) entry: (i64, i64),
    pub(crate) root: (i64, i64),
}

/// From a node to the one above it.
pub(crate) struct Line {
    pub(crate) from: (i64, i64),
    pub(crate) to: (i64, i64),
    /// Whether it is on the entry's own way.
    pub(crate) is_own: bool,
}

/// A node.
pub(crate) struct Dot {
    pub(crate) at: (i64, i64),
    pub(crate) is_own: bool,
}

/// A fingerprint.
pub(crate) struct Label {
    pub(crate) at: (i64, i64),
    pub(crate) text: String,
    pub(crate) anchor: &'static str,
}

/// Draws the steps.
pub(crate) fn draw(steps: &[Rise]) -> Drawn {
    let levels = i64::try_from(steps.len()).unwrap_or_default();
    let height = levels * STEP.1 + 2 * ROOM.1;
    let (mut at, mut own) = ((0, height - ROOM.1), Vec::new());
    let mut beside = Vec::new();
    own.push(at);
    for step in steps {
        // Whoever has its neighbour on the left is the right child of what is above.
        let side = if step.is_left { -1 } else { 1 };
        beside.push(((at.0 + side * 2 * STEP.0, at.1), side));
        at = (at.0 + side * STEP.0, at.1 - STEP.1);
        own.push(at);
    }
    let all = own.iter().copied().chain(beside.iter().map(|(at, _)| *at));
    let (least, most) = all.fold((0, 0), |(least, most), (x, _)| (least.min(x), most.max(x)));
    let shift = |(x, y): (i64, i64)| (x - least + ROOM.0, y);
    let mut drawn = Drawn {
        width: most - least + 2 * ROOM.0,
        height,
        lines: Vec::new(),
        dots: Vec::new(),
        hashes: Vec::new(),
        entry: shift(own[0]),
        root: shift(at),
    };
    for (step, (pair, (neighbour, side))) in steps.iter().zip(own.windows(2).zip(beside)) {
        let (below, above) = (shift(pair[0]), shift(pair[1]));
        let neighbour = shift(neighbour);
        drawn.lines.push(Line { from: neighbour, to: above, is_own: false });
        drawn.lines.push(Line { from: below, to: above, is_own: true });
        drawn.dots.push(Dot { at: neighbour, is_own: false });
        drawn.hashes.push(Label {
            at: (neighbour.0 + side * 10, neighbour.1 + 4),
            text: short(&step.sibling.to_hex()),
            anchor: if side < 0 { "end" } else { "start" },
        });
    }
    drawn.dots.extend(own.into_iter().map(|at| Dot { at: shift(at), is_own: true }));
    drawn
}

/// A fingerprint, cut in the middle.
fn short(hex: &str) -> String {
    format!("{}…{}", &hex[..4], &hex[hex.len() - 4..])
}

#[cfg(test)]
mod tests {
    use terms::Hash;
    use tlog::tree::MemoryTree;
    use tlog::{climb, inclusion_proof, leaf_hash};

    use super::*;

    /// Entry 4 of 7: its neighbour is on its right, then on its right, then on its left.
    #[test]
    fn neighbours_stand_where_they_are_in_the_tree() {
        let leaves: Vec<Hash> = (0..7_u8).map(|leaf| leaf_hash(&[leaf])).collect();
        let proof = inclusion_proof(&MemoryTree::of(&leaves), 4, 7).expect("entry 4 of 7");
        let steps = climb(&leaves[4], 4, 7, &proof).expect("a proof");
        assert_eq!(steps.iter().map(|step| step.is_left).collect::<Vec<_>>(), [false, false, true]);
        let drawn = draw(&steps);
        assert_eq!((drawn.lines.len(), drawn.dots.len(), drawn.hashes.len()), (6, 7, 3));
        assert_eq!(drawn.root.0 - drawn.entry.0, STEP.0);
        assert!(drawn.hashes[2].anchor == "end" && drawn.hashes[2].at.0 < drawn.root.0);
        assert!(drawn.dots.iter().all(|dot| (0..drawn.width).contains(&dot.at.0)));
    }

    #[test]
    fn a_record_of_one_entry_has_no_steps() {
        let drawn = draw(&[]);
        assert_eq!((drawn.dots.len(), drawn.entry), (1, drawn.root));
    }
}
