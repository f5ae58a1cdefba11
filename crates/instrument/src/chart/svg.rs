//! A chart as a picture: states one under the other, their steps under them, and arrows in lanes at the side.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use terms::Code;

use super::lanes::{Stretch, lanes};
use super::{Chart, English, Move, Station, Tongue, wrapped};
use crate::procedure::StateKind;

// All lengths are in pixels of the picture; type is 13 px high.
const MARGIN: u32 = 20;
/// From a state's left edge to its right edge.
const BOX: u32 = 460;
/// Characters of a line in a state, of a step, and of where it leads.
const SAYS: usize = 66;
const STEP: usize = 64;
const EXIT: usize = 60;
/// How wide a character is taken to be, in tenths of a pixel.
const WIDE: u32 = 76;
/// The same of one that stands out.
const WIDE_BOLD: u32 = 86;
const LINE: u32 = 17;
/// The same where letters hang and stack, as those of Nastaliq do.
const LINE_TALL: u32 = 26;
const LANE: u32 = 13;

/// What the eye gets where the light is low; on paper it is black on white.
const STYLE: &str = "\
@media screen and (prefers-color-scheme: dark) {
.page, .box { fill: #16181c }
.line, .box { stroke: #e6e6e6 }
.text, .tip { fill: #e6e6e6 }
}";

/// An arrow, before its lane is known.
struct Arrow {
    from: u32,
    to: Code,
    silent: bool,
}

struct Picture<'c> {
    chart: &'c Chart,
    tongue: &'c dyn Tongue,
    drawn: String,
    /// Down to where it is drawn.
    y: u32,
    arrows: Vec<Arrow>,
    /// Where arrows into a state end: by acts, and by silence.
    doors: BTreeMap<Code, [u32; 2]>,
}

impl Chart {
    /// The chart as an SVG picture: the same bytes each time, without fonts, scripts or anything that is fetched.
    ///
    /// Text stays text, and what a line means is said by its form: whole by an act, dashed by silence. A state that
    /// waits is a box, one that rests is round, and an end has a double edge.
    #[must_use]
    ///
    /// `note` stands under its title, as what is a reconstruction.
    pub fn svg(&self, notes: &[&str]) -> String {
        self.picture(&English, &format!("<style>{STYLE}</style>\n"), notes)
    }

    /// The same in other words and without its style, for a page that has one: what it draws has the classes `page`, `box`,
    /// `line`, `tip` and `text`. In a tongue that runs from the right it is the other way round, but for its letters.
    #[must_use]
    pub fn svg_unstyled(&self, tongue: &dyn Tongue) -> String {
        self.picture(tongue, "", &[])
    }

    fn picture(&self, tongue: &dyn Tongue, style: &str, notes: &[&str]) -> String {
        let mut picture = Picture {
            chart: self,
            tongue,
            drawn: String::new(),
            y: MARGIN,
            arrows: Vec::new(),
            doors: BTreeMap::new(),
        };
        picture.draw(notes);
        picture.finish(style)
    }
}

impl Picture<'_> {
    /// From one line of text to the next.
    fn line(&self) -> u32 {
        if self.tongue.is_from_right() { LINE_TALL } else { LINE }
    }

    fn draw(&mut self, notes: &[&str]) {
        let (chart, tongue) = (self.chart, self.tongue);
        self.y += 18;
        self.text(MARGIN, "font-size=\"18\" font-weight=\"bold\"", &tongue.title(chart));
        for note in notes {
            self.y += self.line();
            self.text(MARGIN, "font-size=\"11\"", note);
        }
        self.y += 10;
        self.row(MARGIN, (None, &tongue.opened(chart)), EXIT, Some((&chart.begins, false)));
        for station in &chart.stations {
            self.y += 18;
            self.station(station);
        }
        if !chart.anywhere.is_empty() {
            self.y += 18 + self.line();
            self.text(MARGIN, "font-weight=\"bold\"", &tongue.anywhere());
            self.moves(&chart.anywhere);
        }
        self.y += 14;
        for line in tongue.key() {
            self.y += self.line() - 2;
            self.text(MARGIN, "font-size=\"11\"", &line);
        }
    }

    fn station(&mut self, station: &Station) {
        let top = self.y;
        let tongue = self.tongue;
        let says = wrapped(&tongue.says(station), SAYS);
        let height = 12 + self.line() + says.len() as u32 * self.line();
        let name = escaped(&tongue.word(&station.name));
        let mut stands = tongue.stands(station);
        if station.against {
            stands = tongue.also(&stands, &tongue.against());
        }
        let stands = escaped(&stands);
        let round = match station.kind {
            StateKind::Waiting => 0,
            StateKind::Rest => 18,
            StateKind::End => 3,
        };
        let _ = writeln!(
            self.drawn,
            "<g id=\"state-{0}\">\n<title>{name} {stands}</title>\n\
             <rect class=\"box\" x=\"{MARGIN}\" y=\"{top}\" width=\"{BOX}\" height=\"{height}\" rx=\"{round}\" \
             fill=\"#fff\" stroke=\"#000\" stroke-width=\"1.5\"/>",
            station.name
        );
        if station.kind == StateKind::End {
            let _ = writeln!(
                self.drawn,
                "<rect class=\"line\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"1\" fill=\"none\" \
                 stroke=\"#000\"/>",
                MARGIN + 3,
                top + 3,
                BOX - 6,
                height - 6
            );
        }
        if station.against {
            let _ = writeln!(
                self.drawn,
                "<path class=\"line\" d=\"M{0} {top}V{1}\" stroke=\"#000\" stroke-width=\"7\"/>",
                MARGIN + 3,
                top + height
            );
        }
        self.y += 4 + self.line();
        self.raw(MARGIN + 14, "", &format!("<tspan font-weight=\"bold\">{name}</tspan> {stands}"));
        for line in says {
            self.y += self.line();
            self.text(MARGIN + 14, "", &line);
        }
        self.drawn.push_str("</g>\n");
        self.y = top + height;
        // Two doors, so that the two kinds of arrow stay apart.
        let middle = top + height / 2;
        self.doors.insert(station.name.clone(), [middle - 5, middle + 5]);
        self.moves(&station.moves);
    }

    fn moves(&mut self, moves: &[Move]) {
        let tongue = self.tongue;
        for it in moves {
            let only = it.only_exit();
            let who = tongue.who(it);
            let words = match only {
                Some(to) => tongue.leads(&who, to),
                None if it.exits.is_empty() => tongue.also(&who, &tongue.changes_nothing()),
                None => who,
            };
            self.y += 4;
            let name = tongue.word(&it.step);
            self.row(MARGIN + 20, (Some(&name), &words), STEP, only.map(|to| (to, false)));
            for exit in it.exits.iter().filter(|_| only.is_none()) {
                let silent = exit.how.is_silence();
                let how = tongue.how(&exit.how);
                let words = match &exit.to {
                    Some(to) => tongue.leads(&how, to),
                    None if silent => how,
                    None => format!("{how}: {}", tongue.stays()),
                };
                self.row(MARGIN + 40, (None, &words), EXIT, exit.to.as_ref().map(|to| (to, silent)));
            }
        }
    }

    /// A line of text of at most so many characters, or some, and the arrow that begins after it.
    ///
    /// Of a step, the name stands out.
    fn row(&mut self, x: u32, (name, words): (Option<&str>, &str), width: usize, to: Option<(&Code, bool)>) {
        let mut end = x;
        let letters = |text: &str| text.chars().count() as u32;
        let whole = match name {
            Some(name) => self.tongue.series(&[name.to_owned(), words.to_owned()]),
            None => words.to_owned(),
        };
        for (at, line) in wrapped(&whole, width).iter().enumerate() {
            self.y += self.line();
            let x = if at == 0 { x } else { x + 12 };
            // A name that is broken does not stand out.
            let named = name.filter(|_| at == 0).and_then(|name| Some((name, line.strip_prefix(name)?)));
            let bold = named.map_or(0, |(name, _)| letters(name));
            end = x + 8 + ((letters(line) - bold) * WIDE + bold * WIDE_BOLD) / 10;
            match named {
                Some((name, rest)) => {
                    let (name, rest) = (escaped(name), escaped(rest));
                    self.raw(x, "", &format!("<tspan font-weight=\"bold\">{name}</tspan>{rest}"));
                }
                None => self.text(x, "", line),
            }
        }
        if let Some((to, silent)) = to {
            let y = self.y - 4;
            let dashes = if silent { " stroke-dasharray=\"5 4\"" } else { "" };
            let edge = MARGIN + BOX;
            if end < edge {
                let _ = writeln!(
                    self.drawn,
                    "<path class=\"line\" d=\"M{end} {y}H{edge}\" fill=\"none\" stroke=\"#000\"{dashes}/>"
                );
            }
            self.arrows.push(Arrow { from: y, to: to.clone(), silent });
        }
    }

    fn text(&mut self, x: u32, how: &str, words: &str) {
        let words = escaped(words);
        self.raw(x, how, &words);
    }

    /// Words that are escaped already.
    fn raw(&mut self, x: u32, how: &str, words: &str) {
        let y = self.y;
        let space = if how.is_empty() { "" } else { " " };
        // The picture is turned over, and each line turned back at its place.
        let place = if self.tongue.is_from_right() {
            format!("transform=\"translate({x} {y}) scale(-1 1)\" direction=\"rtl\"")
        } else {
            format!("x=\"{x}\" y=\"{y}\" unicode-bidi=\"plaintext\"")
        };
        let _ = writeln!(self.drawn, "<text class=\"text\" {place}{space}{how}>{words}</text>");
    }

    /// All arrows of one kind into one state share a lane.
    fn finish(mut self, style: &str) -> String {
        let mut trunks: BTreeMap<(Code, bool), Vec<u32>> = BTreeMap::new();
        for arrow in &self.arrows {
            trunks.entry((arrow.to.clone(), arrow.silent)).or_default().push(arrow.from);
        }
        let mut all = Vec::new();
        for ((to, silent), rows) in trunks {
            let Some(doors) = self.doors.get(&to) else { continue };
            let door = doors[usize::from(silent)];
            let ends = rows.iter().copied().chain([door]);
            let (top, bottom) = ends.fold((door, door), |(top, bottom), y| (top.min(y), bottom.max(y)));
            all.push((silent, rows, door, Stretch { top, bottom }));
        }
        let stretches: Vec<Stretch> = all.iter().map(|(.., stretch)| *stretch).collect();
        let lanes = lanes(&stretches);
        let edge = MARGIN + BOX;
        for ((silent, rows, door, stretch), lane) in all.iter().zip(&lanes) {
            let x = edge + 22 + *lane as u32 * LANE;
            let dashes = if *silent { " stroke-dasharray=\"5 4\"" } else { "" };
            let mut path = format!("M{x} {}V{}M{x} {door}H{}", stretch.top, stretch.bottom, edge + 8);
            for row in rows {
                let _ = write!(path, "M{edge} {row}H{x}");
            }
            let _ = writeln!(
                self.drawn,
                "<path class=\"line\" d=\"{path}\" fill=\"none\" stroke=\"#000\"{dashes}/>\n\
                 <path class=\"tip\" d=\"M{edge} {door}l9 -4v8z\" fill=\"#000\"/>"
            );
            // A dot where a line joins another, and not where it only turns.
            for row in rows.iter().filter(|row| **row != stretch.top && **row != stretch.bottom) {
                let _ = writeln!(
                    self.drawn,
                    "<circle class=\"tip\" cx=\"{x}\" cy=\"{row}\" r=\"2.5\" fill=\"#000\"/>"
                );
            }
            if *door != stretch.top && *door != stretch.bottom {
                let _ = writeln!(
                    self.drawn,
                    "<circle class=\"tip\" cx=\"{x}\" cy=\"{door}\" r=\"2.5\" fill=\"#000\"/>"
                );
            }
        }
        let most = lanes.iter().max().map_or(0, |lane| *lane as u32 + 1);
        // The key at the foot is the widest line of text.
        let width = (edge + 22 + most * LANE + MARGIN).max(MARGIN * 2 + 600);
        let height = self.y + MARGIN;
        let chart = self.chart;
        let title = escaped(&self.tongue.title(chart));
        let about = escaped(&self.tongue.about(chart));
        let turned = format!("<g transform=\"translate({width} 0) scale(-1 1)\">\n");
        let (turned, back) = if self.tongue.is_from_right() { (turned.as_str(), "</g>\n") } else { ("", "") };
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
             height=\"{height}\" role=\"graphics-document document\" aria-labelledby=\"chart-title chart-about\" \
             font-family=\"sans-serif\" font-size=\"13\">\n\
             <title id=\"chart-title\">{title}</title>\n<desc id=\"chart-about\">{about}</desc>\n\
             {style}<rect class=\"page\" width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n{turned}{}{back}</svg>\n",
            self.drawn
        )
    }
}

/// A text in XML.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // No place in XML has these; a name that was read has none.
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
