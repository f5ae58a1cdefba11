//! Lanes: upright lines beside the states, none over another.

/// What one lane carries: from the topmost to the lowest point that it joins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    /// Its upper end.
    pub(super) top: u32,
    /// Its lower end.
    pub(super) bottom: u32,
}

/// The lane of each stretch, 0 nearest to the states: short ones near, and no two that overlap in one lane.
pub(super) fn lanes(stretches: &[Stretch]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..stretches.len()).collect();
    order.sort_by_key(|&at| stretches.get(at).map(|it| (it.bottom - it.top, it.top)));
    let mut taken: Vec<Vec<Stretch>> = Vec::new();
    let mut lanes = vec![0; stretches.len()];
    for at in order {
        let Some(it) = stretches.get(at) else { continue };
        // A gap between the end of one and the beginning of the next keeps them two.
        let free = |lane: &Vec<Stretch>| {
            lane.iter().all(|other| other.bottom + 4 < it.top || it.bottom + 4 < other.top)
        };
        let lane = taken.iter().position(free).unwrap_or(taken.len());
        if lane == taken.len() {
            taken.push(Vec::new());
        }
        if let (Some(others), Some(place)) = (taken.get_mut(lane), lanes.get_mut(at)) {
            others.push(*it);
            *place = lane;
        }
    }
    lanes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_overlap_and_short_ones_are_near() {
        let stretch = |top, bottom| Stretch { top, bottom };
        let all = [stretch(0, 100), stretch(10, 20), stretch(30, 40), stretch(18, 34)];
        assert_eq!(lanes(&all), [2, 0, 0, 1]);
    }
}
