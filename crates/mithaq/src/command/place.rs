//! `mithaq place`: a place in every notation, how far it is from lines, and in which area it is.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use ::place::line::read::{BYTES_MOST, read};
use ::place::{Line, Nearest, Outcome, Position, Reason, bearing, coarsened, determine, mgrs, notation};
use act::value::{FieldValue, Fields};
use instrument::place::PlaceRules;
use instrument::{Instrument, library};
use node::Node;
use serde_json::{Value, json};
use terms::{Code, Hash, Place, Severity};

use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::say::label;
use crate::show::diagnostic;
use crate::show::text::{number, safe};

/// `mithaq place`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  mithaq place \"34°31'31\\\"N 69°10'42\\\"E\"
  mithaq place \"10.25, -39.9 ± 500 m\" --instrument instruments/exercise.toml \\
    --line instruments/exercise-ridge.geojson --line instruments/exercise-survey.geojson

Exit code 0: this is the place, in an area or not determined; 2: it can't be read; 3: the file of a line
that the instrument names is not at hand.")]
pub struct Args {
    /// The place: degrees, with or without minutes and seconds, or a grid reference; `± 500 m` at its end if
    /// it is known to be so far off.
    #[arg(value_name = "PLACE", allow_hyphen_values = true)]
    place: String,
    /// The instrument whose lines, areas and coarseness count.
    #[arg(long, value_name = "FILE")]
    instrument: Option<PathBuf>,
    /// The file of a reference line, as GeoJSON; may be given again. With an instrument it is known by its hash.
    #[arg(long = "line", value_name = "FILE")]
    lines: Vec<PathBuf>,
    /// Another place: says how far it is, and in which direction.
    #[arg(long, value_name = "PLACE", allow_hyphen_values = true)]
    to: Option<String>,
}

/// Where the instrument has no disclaimer (PRACTICE N9, N14).
const DISCLAIMER: &str = "Reference lines are used for calculation only, without prejudice to the position of any \
                          participant on their status.";

/// What is told of a place.
struct Told {
    place: Place,
    coarse: Place,
    coarseness_m: u64,
    to: Option<(Place, ::place::Bearing)>,
    /// By the instrument's name of a line, else by the name of its file.
    lines: Vec<(String, Nearest)>,
    /// None without an instrument.
    outcome: Option<Outcome>,
    disclaimer: Vec<String>,
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    let place = place(&args.place)?;
    let to = args.to.as_deref().map(self::place).transpose()?;
    let instrument = args.instrument.as_deref().map(agreement).transpose()?;
    let rules = instrument.as_ref().map(|instrument| instrument.place.clone()).unwrap_or_default();
    let (lines, outcome) = match &instrument {
        Some(instrument) => {
            let found = determine(&place, instrument, &drawings(args, instrument)?);
            let lines = found.lines.into_iter().map(|(name, nearest)| (name.to_string(), nearest)).collect();
            (lines, Some(found.outcome))
        }
        None => {
            let mut lines = Vec::new();
            for path in &args.lines {
                lines.push((path.display().to_string(), drawing(path, &text(path)?, None)?.nearest(&place)));
            }
            (lines, None)
        }
    };
    let told = Told {
        place,
        coarse: coarsened(&place, rules.coarseness_m),
        coarseness_m: rules.coarseness_m,
        to: to.map(|to| (to, bearing(&place, &to))),
        disclaimer: if lines.is_empty() && outcome.is_none() { Vec::new() } else { disclaimer(&rules) },
        lines,
        outcome,
    };
    if globals.json {
        println!("{:#}", value(&told, instrument.as_ref()));
    } else {
        print(&told, instrument.as_ref());
    }
    let missing = match &told.outcome {
        Some(Outcome::NotDetermined(reasons)) => {
            reasons.iter().any(|reason| matches!(reason, Reason::NotAtHand { .. }))
        }
        Some(Outcome::Area(_)) | None => false,
    };
    Ok(if missing { Exit::Undecided } else { Exit::Good })
}

/// A place in any notation.
pub(crate) fn place(text: &str) -> Result<Place, Failure> {
    notation::read(text).map_err(|why| Failure::usage(why.code(), safe(&why.to_string())).help(why.help()))
}

fn agreement(path: &Path) -> Result<Instrument, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::unreadable(path, &error))?;
    let (instrument, found) = instrument::read(&text, &library::shipped());
    let errors = found.iter().any(|found| found.severity == Severity::Error);
    instrument.filter(|_| !errors).ok_or_else(|| {
        diagnostic::print(&path.display().to_string(), &text, &found);
        Failure::usage("mithaq::instrument", format!("`{}` has errors", path.display()))
            .help("mend what is shown above")
    })
}

/// The files that were given, by the instrument's name of the line that each is.
fn drawings(args: &Args, instrument: &Instrument) -> Result<BTreeMap<Code, Line>, Failure> {
    let mut drawings = BTreeMap::new();
    for path in &args.lines {
        let text = text(path)?;
        let hash = Hash::of(text.as_bytes());
        let named = instrument.lines.iter().find(|(_, line)| line.file.hash() == hash);
        let Some((name, line)) = named else {
            let message = format!(
                "`{}` is none of the instrument's lines: its SHA-256 is {}",
                path.display(),
                hash.to_hex()
            );
            let help = "give the file as it was when the instrument was written, or the instrument that names this one";
            return Err(Failure::usage("mithaq::unknown_line", message).help(help));
        };
        drawings.insert(name.clone(), drawing(path, &text, Some(line.precision_m))?);
    }
    Ok(drawings)
}

fn text(path: &Path) -> Result<String, Failure> {
    let unreadable = |error| Failure::unreadable(path, &error);
    crate::file::present(path)?;
    let mut text = String::new();
    // One byte more than there may be: then it is told to be too large.
    let file = File::open(path).map_err(unreadable)?;
    file.take(BYTES_MOST as u64 + 1).read_to_string(&mut text).map_err(unreadable)?;
    Ok(text)
}

fn drawing(path: &Path, text: &str, precision_m: Option<u64>) -> Result<Line, Failure> {
    read(text, precision_m).map_err(|found| {
        diagnostic::print(&path.display().to_string(), text, &found);
        Failure::usage("mithaq::line", format!("`{}` is no line that can be used", path.display()))
            .help("mend what is shown above")
    })
}

/// What stands under every table of places (PRACTICE N14).
pub(crate) fn disclaimer(rules: &PlaceRules) -> Vec<String> {
    if rules.disclaimer.is_empty() {
        vec![DISCLAIMER.to_owned()]
    } else {
        rules.disclaimer.values().cloned().collect()
    }
}

/// In which area a place is, if that is determined, by the lines whose files lie here.
pub(crate) fn area_at(node: &Node, instrument: &Instrument, at: &Place) -> String {
    let annexes = node.annexes();
    let annex = |hash: &Hash| annexes.get(hash).ok().flatten();
    let drawings = node::lines::drawn(instrument, annex, &node.home().lines());
    match determine(at, instrument, &drawings).outcome {
        Outcome::Area(area) => {
            let who = instrument.areas.get(&area).map(|area| label(instrument, &area.participant));
            let who = who.unwrap_or_default();
            format!("area `{area}`, in which {who} is responsible under the instrument")
        }
        Outcome::NotDetermined(reasons) => {
            let reasons: Vec<String> = reasons.iter().map(ToString::to_string).collect();
            format!("area not determined: {}", reasons.join("; "))
        }
    }
}

/// What is said of the places in a form before it is signed: the area, and what an area is not.
pub(crate) fn told_before(node: &Node, instrument: &Instrument, fields: &Fields) -> Vec<String> {
    let places = fields.values().filter_map(|value| match value {
        FieldValue::Place(at) => Some(area_at(node, instrument, at)),
        _ => None,
    });
    let mut lines: Vec<String> = places.collect();
    if !lines.is_empty() {
        lines.extend(disclaimer(&instrument.place));
    }
    lines
}

const fn hand(position: Position) -> &'static str {
    match position {
        Position::Beside(side) => side.as_str(),
        Position::On => "on",
        Position::Beyond => "beyond",
    }
}

/// `34.5253, 69.1783 ± 8 m`
fn decimal(place: &Place) -> String {
    format!("{} ± {} m", notation::decimal(place), number(place.radius_m))
}

fn grid(place: &Place) -> String {
    mgrs::mgrs(place, mgrs::digits(place))
}

/// Metres where a metre is seen, else kilometres.
fn distance(millimetres: u64) -> String {
    match millimetres {
        0..=9_999 => format!("{}.{} m", millimetres / 1_000, millimetres % 1_000 / 100),
        _ => format!("{} m", number(millimetres / 1_000)),
    }
}

/// `271°`: whole degrees, from true north.
fn direction(mdeg: u32) -> String {
    format!("{:03}°", (mdeg + 500) / 1_000 % 360)
}

fn print(told: &Told, instrument: Option<&Instrument>) {
    if instrument.is_some_and(|instrument| instrument.exercise) {
        println!("EXERCISE");
    }
    println!("degrees         {}", decimal(&told.place));
    println!("                {}", notation::dms(&told.place, notation::dms_decimals(&told.place)));
    println!("grid reference  {}", mgrs::grouped(&grid(&told.place)));
    let coarseness = number(told.coarseness_m);
    println!("{:<15} {}", format!("to {coarseness} m"), decimal(&told.coarse));
    println!("                {}", mgrs::grouped(&grid(&told.coarse)));
    if let Some((to, bearing)) = &told.to {
        let (far, way) = (distance(bearing.distance_mm), direction(bearing.azimuth_mdeg));
        println!("to the other    {far}, {way} from true north, at {}", decimal(to));
    }
    if !told.lines.is_empty() {
        println!();
    }
    for (name, nearest) in &told.lines {
        let said = match nearest.position {
            Position::Beside(side) => format!("the place is {side} of it"),
            Position::On => "the place is on it".to_owned(),
            Position::Beyond => "the place is beyond its end".to_owned(),
        };
        let (far, way) = (distance(nearest.distance_mm), direction(nearest.azimuth_mdeg));
        println!("line `{}`: {far} away, {way} from true north; {said}", safe(name));
    }
    if let Some(outcome) = &told.outcome {
        println!();
        match outcome {
            Outcome::Area(area) => println!("area `{area}`, {}", responsible(area, instrument)),
            Outcome::NotDetermined(reasons) => {
                println!("not determined");
                for reason in reasons {
                    println!("  {reason}");
                }
            }
        }
    }
    for text in &told.disclaimer {
        println!("\n{}", safe(text));
    }
}

fn responsible(area: &Code, instrument: Option<&Instrument>) -> String {
    let who = instrument.and_then(|instrument| {
        let who = &instrument.areas.get(area)?.participant;
        Some(instrument.participants.get(who)?.names.label.clone())
    });
    format!("in which {} is responsible under the instrument", safe(&who.unwrap_or_default()))
}

fn value(told: &Told, instrument: Option<&Instrument>) -> Value {
    let one = |place: &Place| {
        json!({
            "place": place,
            "decimal": notation::decimal(place),
            "dms": notation::dms(place, notation::dms_decimals(place)),
            "mgrs": grid(place),
        })
    };
    let lines: Vec<Value> = told
        .lines
        .iter()
        .map(|(name, nearest)| {
            json!({
                "line": name,
                "distance-mm": nearest.distance_mm,
                "azimuth-mdeg": nearest.azimuth_mdeg,
                "position": hand(nearest.position),
            })
        })
        .collect();
    let outcome = told.outcome.as_ref().map(|outcome| match outcome {
        Outcome::Area(area) => {
            let who =
                instrument.and_then(|instrument| instrument.areas.get(area)).map(|area| &area.participant);
            json!({"area": area, "participant": who})
        }
        Outcome::NotDetermined(reasons) => {
            let each: Vec<Value> = reasons
                .iter()
                .map(|reason| {
                    json!({"reason": reason.code(), "line": reason.line(), "says": reason.to_string()})
                })
                .collect();
            json!({"not-determined": each})
        }
    });
    json!({
        "exercise": instrument.map(|instrument| instrument.exercise),
        "as-given": one(&told.place),
        "coarse": one(&told.coarse),
        "coarseness-m": told.coarseness_m,
        "to": told.to.as_ref().map(|(to, bearing)| json!({
            "place": to,
            "distance-mm": bearing.distance_mm,
            "azimuth-mdeg": bearing.azimuth_mdeg,
        })),
        "lines": lines,
        "outcome": outcome,
        "disclaimer": told.disclaimer,
    })
}
