//! All that the program says of itself while a test runs, as a log would have it.

use std::fmt::Write as _;
use std::sync::Mutex;

use tracing::field::{Field, Visit};

/// All that the program says of itself, at every level.
static SAID: Mutex<String> = Mutex::new(String::new());

/// Listens from now on.
pub(crate) fn listen() {
    tracing::subscriber::set_global_default(Listening).expect("nobody else listens");
}

/// What was said until now.
pub(crate) fn said() -> String {
    SAID.lock().expect("nobody fell over").clone()
}

struct Listening;

struct Told<'s>(&'s mut String);

impl Visit for Told<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        write!(self.0, " {}={value:?}", field.name()).expect("a text");
    }
}

impl tracing::Subscriber for Listening {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, span: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        span.record(&mut Told(&mut SAID.lock().expect("nobody fell over")));
        tracing::span::Id::from_u64(1)
    }
    fn record(&self, _: &tracing::span::Id, values: &tracing::span::Record<'_>) {
        values.record(&mut Told(&mut SAID.lock().expect("nobody fell over")));
    }
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        let mut said = SAID.lock().expect("nobody fell over");
        event.record(&mut Told(&mut said));
        said.push('\n');
    }
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}
