//! How the text types show in a JSON Schema: a string whose title is the type's name, so that a test
//! can tell a string that only takes a form from one that takes any sentence.

pub use schemars;

/// Gives types that are text in JSON their schema: `{"type": "string", "title": "ActId"}`.
#[macro_export]
macro_rules! schema_as_text {
    ($($name:ident),+ $(,)?) => {$(
        impl $crate::schema::schemars::JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut $crate::schema::schemars::SchemaGenerator) -> $crate::schema::schemars::Schema {
                $crate::schema::schemars::json_schema!({ "type": "string", "title": stringify!($name) })
            }
        }
    )+};
}

use crate::{
    ActId, Capacity, Claimed, Code, Custody, Hash, Instant, Item, Kind, Origin, ParticipantId, SignerName,
};
schema_as_text!(
    ActId,
    Capacity,
    Claimed,
    Code,
    Custody,
    Hash,
    Instant,
    Item,
    Kind,
    Origin,
    ParticipantId,
    SignerName,
);
