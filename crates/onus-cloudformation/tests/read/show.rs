//! Reading a template in memory, and its values as short text to compare with.

use onus_cloudformation::Cloudformation;
use onus_ingest::{MemoryWorld, Root, Source};
use onus_model::{Files, Node, Piece, Presence, RawEstate, Value};

/// What the template `text` holds.
pub(crate) fn read(text: &str) -> RawEstate {
    read_files(&[("t.yaml", text)], "t.yaml").remove(0)
}

/// What the root `path` of these files holds.
pub(crate) fn read_files(files: &[(&str, &str)], path: &str) -> Vec<RawEstate> {
    let world = MemoryWorld::new(files.iter().copied());
    let root = Root { path: path.into(), files: Vec::new(), because: "".into() };
    Cloudformation::default().read(&world, &Files::default(), &root)
}

/// The value of `property` of the resource at `address`.
pub(crate) fn property(estate: &RawEstate, address: &str, property: &str) -> String {
    let resource = estate.resources.iter().find(|one| one.address == address);
    let Some(resource) = resource else { return "no resource".into() };
    resource.attributes.get(property).map_or_else(|| "none".into(), show)
}

/// `address Type`, with a `?` where it may not exist.
pub(crate) fn listed(estate: &RawEstate) -> Vec<String> {
    let presence = |presence: &Presence| match presence.unknown() {
        None => String::new(),
        Some(unknown) => format!(" ?{}", unknown.settles),
    };
    estate
        .resources
        .iter()
        .map(|one| format!("{} {}{}", one.address, one.native_type, presence(&one.presence)))
        .collect()
}

/// The messages of the diagnostics, with their lines.
pub(crate) fn messages(estate: &RawEstate) -> Vec<String> {
    estate.diagnostics.iter().map(|one| format!("{}: {}", one.span.line, one.message)).collect()
}

/// A short text of a value: unknowns as `?settles` (`!` when known to be set, with their known
/// pieces), choices as `(key=label: value | …)`, references as `<target.attribute>`.
pub(crate) fn show(node: &Node) -> String {
    let value = match &node.value {
        Value::Absent => "-".into(),
        Value::Bool(value) => value.to_string(),
        Value::Number(value) => value.to_string(),
        Value::String(text) => format!("'{text}'"),
        Value::List(list) => {
            let rest = list.rest.as_ref().map(|rest| format!("..{}", rest.settles));
            let items = list.items.iter().map(show).chain(rest);
            format!("[{}]", items.collect::<Vec<_>>().join(", "))
        }
        Value::Map(map) => {
            let rest = map.rest.as_ref().map(|rest| format!("..{}", rest.settles));
            let items = map.entries.iter().map(|(key, node)| format!("{key}: {}", show(node)));
            format!("{{{}}}", items.chain(rest).collect::<Vec<_>>().join(", "))
        }
        Value::Encoded(inner) => format!("json {}", show(inner)),
        Value::Choice(choice) => {
            let option = |(label, node): &(_, Node)| format!("{label}: {}", show(node));
            let options: Vec<_> = choice.options.iter().map(option).collect();
            format!("({} = {})", choice.key, options.join(" | "))
        }
        Value::Unknown(unknown) => {
            let pieces: String = unknown
                .pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Text(text) => text.as_str(),
                    Piece::Hole => "*",
                })
                .collect();
            let set = if unknown.set { "!" } else { "" };
            let pieces = if pieces.is_empty() { pieces } else { format!(" '{pieces}'") };
            format!("?{}{set}{pieces}", unknown.settles)
        }
    };
    let references: String =
        node.references().iter().map(|one| format!("<{}.{}>", one.target, one.attribute)).collect();
    value + &references
}
