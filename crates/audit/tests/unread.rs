//! A file that this machine does not give out: nobody lied, and nothing that rests on it is decided.

use audit::{Expected, Inline, Source, Verdict, verify_folder};
use docket::harness::folder::{Files, add_note};
use docket::harness::{Setup, World, bodies};
use terms::Hash;

/// A folder of which one file can't be read, and whether that is the machine's fault.
struct Locked<'a>(&'a Files, &'a str, bool);

impl Source for Locked<'_> {
    fn list(&self) -> Result<Vec<String>, String> {
        Ok(self.0.keys().cloned().collect())
    }

    fn read(&self, path: &str, _: u64) -> Result<Option<Vec<u8>>, String> {
        if path == self.1 { Err("permission denied".to_owned()) } else { Ok(self.0.get(path).cloned()) }
    }

    fn hash(&self, path: &str) -> Result<(Hash, u64), String> {
        let bytes = self.read(path, u64::MAX)?.ok_or("it is not there")?;
        Ok((Hash::of(&bytes), bytes.len() as u64))
    }

    fn check_own(&self, _: &str) -> Result<(), String> {
        Ok(())
    }

    fn gives_out(&self, path: &str) -> Result<(), String> {
        if self.2 && path == self.1 { Err("permission denied".to_owned()) } else { Ok(()) }
    }
}

#[test]
fn what_this_machine_does_not_give_out_is_no_wrong() {
    let mut world = World::found(&Setup::default());
    world.act(&["north"], bodies::notice(&["ford"]));
    world.settle();
    let mut files = world.folder();
    add_note(&mut files, world.cosigned(3, &world.clocks()).to_string().as_bytes());
    for path in files.keys() {
        let checked = |fault: bool| {
            let source = Locked(&files, path, fault);
            verify_folder(&source, &Expected::Any, None, &mut Inline::default(), &mut |_, _| {}).report
        };
        let report = checked(true);
        assert_eq!(report.verdict(), Verdict::Undecided, "{path}: {report:#?}");
        let said = format!("{path} can't be read on this machine: permission denied");
        assert!(report.undecided.contains(&said), "{path}: {report:#?}");
        assert_eq!(checked(false).verdict(), Verdict::Wrong, "{path}");
    }
}
