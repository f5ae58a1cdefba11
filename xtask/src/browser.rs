//! `cargo xtask browser`: journeys at running desks, in Chromium, driven by Playwright, and one in Firefox, driven by
//! geckodriver; axe judges each page.
//! `cargo xtask shots`: a picture of each.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;
use crate::run::{cargo, on_path, run, run_within, skip};
use crate::workspace::root;

/// Chromium, as systems call it.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Firefox, as systems call it.
const FIREFOXES: [&str; 2] = ["firefox-esr", "firefox"];

/// What drives it: Mozilla's own, as crates.io has it, built once.
const GECKODRIVER: &str = "0.37.1";

/// What the journeys need beside the program.
struct Tools {
    node: PathBuf,
    playwright: PathBuf,
    chromium: PathBuf,
}

pub(crate) fn browser() -> Outcome {
    let Some(mut journeys) = node("journeys in a browser")? else { return Ok(()) };
    match firefox() {
        Ok((firefox, driver)) => {
            journeys.env("MITHAQ_FIREFOX", firefox).env("MITHAQ_GECKODRIVER", driver);
        }
        Err(why) => skip("a journey in Firefox", &why).map_err(|wrong| vec![wrong])?,
    }
    journeys.args(["--test", "--test-concurrency=1"]).args(files().map_err(|wrong| vec![wrong])?);
    run(&mut journeys).map_err(|wrong| vec![wrong])
}

/// `cargo xtask shots [FOLDER]`: a picture of every page, in both languages, at a desk and on a telephone; with the story in it,
/// with nothing, under long names, with ten thousand matters, and where something is wrong.
pub(crate) fn shots() -> Outcome {
    let Some(mut walk) = node("pictures of every page")? else { return Ok(()) };
    let folder = std::env::args_os().nth(2).map_or_else(|| root().join("target/shots"), PathBuf::from);
    let made = fs::create_dir_all(&folder).and_then(|()| fs::canonicalize(&folder));
    let folder = made.map_err(|error| vec![format!("{}: {error}", folder.display())])?;
    let many = many().map_err(|wrong| vec![wrong])?;
    walk.env("MITHAQ_SHOTS", &folder).env("MITHAQ_MANY", many).args(["--test", PAGES]);
    run(&mut walk).map_err(|wrong| vec![wrong])?;
    println!("the pictures are in {}", folder.display());
    Ok(())
}

/// A register of ten thousand incidents and a thousand cases, made anew by the bench: the node that has it is opened by the
/// program.
fn many() -> Result<PathBuf, String> {
    let folder = target().join("browser-many");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    build("mithaq-bench")?;
    let mut make = Command::new(target().join("debug/mithaq-bench"));
    run(make.arg("desk-register").arg(&folder).args(["10000", "1000"]))?;
    Ok(folder)
}

/// A program, built with what all of the workspace asks of its parts, as the tests build it: so nothing is built twice.
fn build(program: &str) -> Result<(), String> {
    run(cargo().current_dir(root()).args(["build", "--workspace", "--bin", program]))
}

/// Where things are built.
fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The walk over every page.
const PAGES: &str = "pages.test.mjs";

/// Node, with the program built and a folder for the demo's story, which is played once for all journeys; nothing where
/// something lacks.
fn node(what: &str) -> Result<Option<Command>, Vec<String>> {
    let tools = match tools() {
        Ok(tools) => tools,
        Err(why) => return skip(what, &why).map(|()| None).map_err(|wrong| vec![wrong]),
    };
    build("mithaq").map_err(|wrong| vec![wrong])?;
    let target = target();
    // That of a program that was changed since is another.
    let told = target.join("browser-story");
    if told.exists() {
        fs::remove_dir_all(&told).map_err(|error| vec![format!("{}: {error}", told.display())])?;
    }
    let mut node = Command::new(tools.node);
    node.current_dir(root().join("tests/browser"));
    node.env("MITHAQ", target.join("debug/mithaq")).env("MITHAQ_TOLD", told);
    node.env("MITHAQ_PLAYWRIGHT", tools.playwright).env("MITHAQ_CHROMIUM", tools.chromium);
    Ok(Some(node))
}

/// The journeys, by name.
fn files() -> Result<Vec<PathBuf>, String> {
    let folder = root().join("tests/browser");
    let read = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut all: Vec<PathBuf> = read.filter_map(|file| Some(file.ok()?.path())).collect();
    all.retain(|path| path.to_string_lossy().ends_with(".test.mjs"));
    all.sort();
    Ok(all)
}

fn tools() -> Result<Tools, String> {
    let node = on_path("node").ok_or("there is no `node`")?;
    let named = std::env::var_os("MITHAQ_CHROMIUM").map(PathBuf::from);
    let chromium = named.or_else(|| NAMES.iter().find_map(|name| on_path(name)));
    let chromium = chromium.ok_or("there is no Chromium; MITHAQ_CHROMIUM says where one is")?;
    let playwright = match std::env::var_os("MITHAQ_PLAYWRIGHT").map(PathBuf::from) {
        Some(folder) => folder,
        None => packages(&root().join("target/foreign/browser"))?,
    };
    Ok(Tools { node, playwright, chromium })
}

/// Firefox, and what drives it.
fn firefox() -> Result<(PathBuf, PathBuf), String> {
    let named = std::env::var_os("MITHAQ_FIREFOX").map(PathBuf::from);
    let firefox = named.or_else(|| FIREFOXES.iter().find_map(|name| on_path(name)));
    let firefox = firefox.ok_or("there is no Firefox; MITHAQ_FIREFOX says where one is")?;
    if let Some(driver) = std::env::var_os("MITHAQ_GECKODRIVER").map(PathBuf::from) {
        return Ok((firefox, driver));
    }
    let kept = root().join("target/foreign");
    let built = kept.join("bin/geckodriver");
    if !built.is_file() {
        let mut install = cargo();
        install.args(["install", "--locked", "--quiet", "--debug", "geckodriver", "--version", GECKODRIVER]);
        run_within(15, install.arg("--root").arg(&kept))
            .map_err(|why| format!("geckodriver can't be had: {why}"))?;
    }
    Ok((firefox, built))
}

/// Playwright and axe, of the versions that `tests/browser/package.json` names; no browser is fetched with them.
fn packages(folder: &Path) -> Result<PathBuf, String> {
    let wanted = fs::read(root().join("tests/browser/package.json")).map_err(|error| error.to_string())?;
    let kept = folder.join("package.json");
    let has = |name: &str| folder.join("node_modules").join(name).is_dir();
    if fs::read(&kept).is_ok_and(|kept| kept == wanted) && has("playwright-core") && has("axe-core") {
        return Ok(folder.to_owned());
    }
    let npm = on_path("npm").ok_or("there is no `npm`")?;
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    fs::write(&kept, wanted).map_err(|error| format!("{}: {error}", kept.display()))?;
    let mut install = Command::new(npm);
    install.current_dir(folder).args([
        "install",
        "--no-package-lock",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
    ]);
    run_within(5, &mut install)
        .map(|()| folder.to_owned())
        .map_err(|why| format!("its packages can't be had: {why}"))
}
