//! Charts of the shipped instruments, looked at as a reader would.

use instrument::chart::Chart;
use instrument::procedure::{Leads, Silence, StateKind};

const SHIPPED: [&str; 4] = [
    include_str!("../../../instruments/exercise.toml"),
    include_str!("../../../instruments/doha-istanbul-2025.toml"),
    include_str!("../../../instruments/colombia-mvm-2016.toml"),
    include_str!("../../../instruments/india-pakistan-cbm.toml"),
];

fn read(text: &str) -> instrument::Instrument {
    instrument::read(text, &instrument::library::shipped()).0.expect("it is read")
}

/// What stands between two words.
fn between<'t>(text: &'t str, before: &str, after: &str) -> Vec<&'t str> {
    text.split(before).skip(1).filter_map(|rest| rest.split(after).next()).collect()
}

#[test]
fn every_state_and_every_way_is_drawn() {
    for text in SHIPPED {
        for (kind, procedure) in &read(text).procedures {
            let chart = Chart::of(procedure);
            let (svg, lines) = (chart.svg(&[]), chart.text());
            assert_eq!(chart.stations.len(), procedure.states.len(), "{kind}");
            assert!(chart.stations.is_sorted_by_key(|station| station.kind == StateKind::End), "{kind}");
            assert_eq!(svg, Chart::of(procedure).svg(&[]));
            for (name, _) in &procedure.states {
                assert!(svg.contains(&format!("<g id=\"state-{name}\">")), "{kind}: {name}");
            }
            for (step, rule) in &procedure.steps {
                assert!(lines.contains(&format!("─ {step}, by {}", rule.by)), "{kind}: {step}\n{lines}");
                if let Leads::Choice(choices) = &rule.leads {
                    let missing = choices.iter().find(|(choice, _)| !lines.contains(choice.as_str()));
                    assert_eq!(missing, None, "{kind}: {step}");
                }
                if let Silence::Moves { how, to } = &rule.silence {
                    let said = format!("silence: {} ┄┄▶ {to}", how.as_str());
                    assert!(lines.contains(&said), "{kind}: {said}\n{lines}");
                    assert!(svg.contains(&format!("silence: {} → {to}", how.as_str())), "{kind}: {said}");
                }
            }
            assert!(lines.lines().all(|line| line.chars().count() <= 100), "{kind}\n{lines}");
        }
    }
}

/// No line of the picture runs over another's lane, and nothing is drawn outside of it.
#[test]
fn lines_keep_apart_and_inside() {
    for text in SHIPPED {
        for (kind, procedure) in &read(text).procedures {
            let svg = Chart::of(procedure).svg(&[]);
            let number = |text: &str| text.parse::<u32>().expect("a number");
            let width = number(between(&svg, "width=\"", "\"")[0]);
            let height = number(between(&svg, "height=\"", "\"")[0]);
            let mut trunks = Vec::new();
            for path in between(&svg, "<path class=\"line\" d=\"M", "\"") {
                let Some((at, rest)) = path.split_once('V').filter(|(_, rest)| rest.contains('M')) else {
                    continue;
                };
                let (x, top) = at.split_once(' ').expect("a point");
                let bottom = rest.split('M').next().expect("its lower end");
                trunks.push((number(x), number(top), number(bottom)));
            }
            assert!(!trunks.is_empty(), "{kind}");
            for (at, (x, top, bottom)) in trunks.iter().enumerate() {
                assert!(*x < width && *bottom < height, "{kind}");
                let over = |(other, from, to): &(u32, u32, u32)| other == x && from <= bottom && top <= to;
                assert!(!trunks.iter().skip(at + 1).any(over), "{kind}: two lines at {x}");
            }
            for y in between(&svg, "<text class=\"text\" x=\"", ">")
                .iter()
                .filter_map(|it| between(it, "y=\"", "\"").pop())
            {
                assert!(number(y) < height, "{kind}");
            }
        }
    }
}

#[test]
fn one_is_looked_at() {
    let exercise = read(SHIPPED[0]);
    let of = |kind: &str| {
        Chart::of(exercise.procedures.iter().find(|(name, _)| name.as_str() == kind).expect("it").1)
    };
    insta::assert_snapshot!("chart_case", of("case").text());
    insta::assert_snapshot!("chart_request_svg", of("request").svg(&[]));
}

#[test]
fn what_a_person_wrote_is_no_markup() {
    let text = SHIPPED[0].replace(
        "[procedure.request]\nlike = \"request\"",
        "[procedure.request]\nlike = \"request\"\ntitle = \"<script>&\\\"\"",
    );
    let svg =
        Chart::of(read(&text).procedures.iter().find(|(name, _)| name.as_str() == "request").expect("it").1)
            .svg(&[]);
    assert!(
        svg.contains("<title id=\"chart-title\">&lt;script&gt;&amp;&quot;</title>")
            && !svg.contains("<script")
    );
}
