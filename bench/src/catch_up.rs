//! A new mirror: a node that has nothing takes a whole register from another by HTTP on loopback, checks and replays all of it as
//! it comes; beside the full check of the same entries, from the mirror's own folder, in the same run.

use std::path::Path;
use std::time::Instant as Clock;

use ::desk::web::meet::meet;
use audit::{Expected, Verdict, verify_folder};
use node::batch::Threads;
use node::bundle::{Joining, join};
use node::disk::Disk;
use tokio::runtime::Runtime;

use crate::desk::made::{self, home, ring, who};
use crate::desk::{Served, made_apart, ready};
use crate::{Outcome, limits, peak_mib};

/// How much the first bundle has, by which a node joins: it might come on a stick.
const FIRST_BYTES: u64 = 1 << 20;

pub(crate) fn run(here: &Path, incidents: u64) -> Outcome {
    println!("\ncatch-up: a new mirror of a register with {incidents} incidents, by HTTP on loopback");
    let text = |error: &dyn std::fmt::Display| error.to_string();
    let folder = here.join("catch-up");
    made_apart(&folder, incidents, incidents / 100)?;
    let now = ready(&folder)?;
    let mut north = made::open(&folder)?;
    let first = folder.join("first.mithaq");
    let plan = north.plan_for(&who("south"), false, FIRST_BYTES, now).map_err(|e| text(&e))?;
    plan.write_part(1, &first, &mut |_, _| {}).map_err(|e| text(&e))?;
    let runtime = Runtime::new().map_err(|e| text(&e))?;
    let north = Served::of(north, now, &runtime)?;

    let keys = 8;
    let before = limits::batch_rate(keys);
    let joining = Joining { participant: who("south"), expected: Expected::Any, witness: None, intake: None };
    let south = home(&folder, "south");
    let began = Clock::now();
    let joined = join(&south, ring(&folder, "south")?, &joining, &first, now, &mut |_, _| {});
    let (node, _) = joined.map_err(|e| text(&e))?;
    let brought = node.size();
    let south_desk = Served::of(node, now, &runtime)?;
    meet(&south_desk.desk, &who("north"), &format!("http://{}", north.host))?;
    let took = began.elapsed().as_secs_f64();
    let peak = peak_mib();

    let began = Clock::now();
    let disk = Disk::at(&south.data);
    let checked = verify_folder(&disk, &Expected::Any, None, &mut Threads::start(), &mut |_, _| {});
    let verified = began.elapsed().as_secs_f64();
    let after = limits::batch_rate(keys);
    let report = checked.report;
    if report.verdict() != Verdict::Good {
        return Err(format!("the mirror is not good: {:?} {:?}", report.wrongs.first(), report.undecided));
    }
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    let (entries, signatures) = (report.counts.entries as f64, report.counts.signatures as f64);
    println!(
        "  the mirror has all {entries:.0} entries after {took:.1} s, {:.0} a second, {brought} of them by the bundle that it joined \
         with; {peak} MiB at most for both nodes",
        entries / took
    );
    println!(
        "  full verify of the same entries: {verified:.1} s, {:.0} % of the batch rate on all cores; the mirror took {:.1} times that",
        signatures / verified / ((before + after) / 2.0) * 100.0,
        took / verified
    );
    Ok(())
}
