//! A registrar that cheats. Its parties are invented, since no real name plays the cheat.

use node::Fault;

use super::cast::Stage;
use super::tell::Teller;

pub(super) fn play(_: &Stage, _: &mut Teller) -> Result<(), Fault> {
    Ok(())
}
