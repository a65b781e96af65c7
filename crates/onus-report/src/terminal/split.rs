//! Who holds which layer, service by service, and the state of the customer's part.

use std::io;

use onus_model::{LayerSummary, ServiceSummary, Split, Status};

use super::ELSEWHERE;
use super::paint::{Look, status};
use super::screen::{Screen, Word};
use crate::view::View;
use crate::words::{self, counted, size};

const BLOCKS: usize = 14;
const LABEL: usize = 11;
const HEADINGS: [(&str, &[Split]); 6] = [
    ("AWS", &[Split::Provider]),
    ("split", &[Split::SharedDependent, Split::SharedIndependent]),
    ("yours", &[Split::Customer]),
    ("others", &[Split::ThirdParty]),
    ("undecided", &[Split::Undetermined]),
    ("nothing", &[Split::NotApplicable]),
];

/// Services that are shown as one: alike in every layer.
struct Block<'a> {
    services: Vec<&'a ServiceSummary>,
}

pub(super) fn write(screen: &mut Screen<'_>, view: View<'_>) -> io::Result<()> {
    let services = &view.assessment.services;
    if services.is_empty() {
        return Ok(());
    }
    screen.heading("Who holds what")?;
    let legend =
        "of your part: ✗ open  ? undecided  ✓ done, the rest untested   ~ resources differ";
    screen.prose(2, (Look::Plain, ""), 0, Look::Faint, legend)?;
    let blocks = blocks(services);
    for block in blocks.iter().take(BLOCKS) {
        screen.gap()?;
        write_block(screen, block)?;
    }
    let left: usize = blocks.iter().skip(BLOCKS).map(|block| block.services.len()).sum();
    if left > 0 {
        screen.gap()?;
    }
    screen.more(2, left, &format!(" services{ELSEWHERE}"))
}

/// Tested services each by itself, the others together where they are alike; worst first.
fn blocks(services: &[ServiceSummary]) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut ordered: Vec<&ServiceSummary> = services.iter().collect();
    ordered.sort_by_key(|service| std::cmp::Reverse(tested(service)));
    for service in ordered {
        let like = blocks
            .iter_mut()
            .find(|block| block.services.first().is_some_and(|first| alike(first, service)));
        match like {
            Some(block) => block.services.push(service),
            None => blocks.push(Block { services: vec![service] }),
        }
    }
    blocks
}

fn tested(service: &ServiceSummary) -> (u32, u32, u32) {
    let sum =
        |of: fn(&LayerSummary) -> u32| service.layers.iter().map(of).fold(0, u32::saturating_add);
    (sum(|layer| layer.open), sum(|layer| layer.unknown), sum(|layer| layer.satisfied))
}

fn alike(one: &ServiceSummary, other: &ServiceSummary) -> bool {
    tested(one) == (0, 0, 0)
        && tested(other) == (0, 0, 0)
        && one.classes == other.classes
        && one.layers.len() == other.layers.len()
        && one
            .layers
            .iter()
            .zip(&other.layers)
            .all(|(one, other)| (one.split, one.mixed) == (other.split, other.mixed))
}

fn write_block(screen: &mut Screen<'_>, block: &Block<'_>) -> io::Result<()> {
    let Some(first) = block.services.first() else { return Ok(()) };
    title(screen, block, first)?;
    for (heading, splits) in HEADINGS {
        let layers: Vec<&LayerSummary> =
            first.layers.iter().filter(|layer| splits.contains(&layer.split)).collect();
        if layers.is_empty() {
            continue;
        }
        let words = layer_words(screen, &layers, first);
        screen.flow(4, (Look::Faint, heading), LABEL, &words)?;
    }
    Ok(())
}

fn title(screen: &mut Screen<'_>, block: &Block<'_>, first: &ServiceSummary) -> io::Result<()> {
    let resources: usize = block.services.iter().map(|service| size(service.resources)).sum();
    let classes: Vec<_> = first.classes.iter().map(|class| class.name()).collect();
    let about = format!("   {}", counted(resources, "resource", "resources"));
    let class = format!(
        " · {}",
        if classes.is_empty() { "class not known".to_owned() } else { classes.join(" and ") }
    );
    let (open, unknown, satisfied) = tested(first);
    let (open, unknown, satisfied) =
        (format!("✗ {open}  "), format!("? {unknown}  "), format!("✓ {satisfied}"));
    let state: &[(Look, &str)] = if tested(first) == (0, 0, 0) {
        &[(Look::Faint, "nothing tested")]
    } else {
        &[(Look::Bad, &open), (Look::Doubt, &unknown), (Look::Good, &satisfied)]
    };
    if block.services.len() == 1 {
        return screen.sides(
            2,
            &[(Look::Strong, &first.name), (Look::Faint, &about), (Look::Faint, &class)],
            state,
        );
    }
    let names: Vec<&str> = block.services.iter().map(|service| service.name.as_str()).collect();
    let heading = format!("{} services alike", names.len());
    screen.sides(
        2,
        &[(Look::Strong, &heading), (Look::Faint, &about), (Look::Faint, &class)],
        state,
    )?;
    let shown: Vec<&str> = names.iter().copied().take(12).collect();
    let mut list = shown.join(", ");
    if names.len() > shown.len() {
        list.push_str(&format!(" and {} more", names.len() - shown.len()));
    }
    screen.prose(4, (Look::Plain, ""), 0, Look::Plain, &list)
}

/// The names of layers, each with the state of the customer's part; four or more in a row of which
/// there is nothing else to say become a range.
fn layer_words(
    screen: &Screen<'_>,
    layers: &[&LayerSummary],
    service: &ServiceSummary,
) -> Vec<Word> {
    let mut words = Vec::new();
    let mut rest = layers;
    while let Some(first) = rest.first() {
        let run = run(rest, service);
        let last = rest.get(run.saturating_sub(1)).unwrap_or(first);
        let (count, text) = if run >= 4 {
            (run, format!("{} to {}", words::layer(first.layer), words::layer(last.layer)))
        } else {
            (1, layer_text(first))
        };
        rest = rest.get(count..).unwrap_or(&[]);
        let comma = if rest.is_empty() { "" } else { "," };
        words.push(screen.word(status(first.status), &format!("{text}{comma}")));
    }
    words
}

/// How many layers from the first follow each other in the model without a mark of their own.
fn run(layers: &[&LayerSummary], service: &ServiceSummary) -> usize {
    let bare = |layer: &LayerSummary| {
        !layer.mixed && matches!(layer.status, None | Some(Status::Unverified))
    };
    let at =
        |wanted: &LayerSummary| service.layers.iter().position(|layer| layer.layer == wanted.layer);
    let Some(start) = layers.first().and_then(|first| at(first)) else { return 1 };
    layers
        .iter()
        .enumerate()
        .take_while(|(offset, layer)| bare(layer) && at(layer) == Some(start + offset))
        .count()
        .max(1)
}

fn layer_text(layer: &LayerSummary) -> String {
    let mut text = words::layer(layer.layer).to_owned();
    if layer.mixed {
        text.push('~');
    }
    if layer.open > 0 {
        text.push_str(&format!(" ✗{}", layer.open));
    }
    if layer.unknown > 0 {
        text.push_str(&format!(" ?{}", layer.unknown));
    }
    if layer.open == 0 && layer.unknown == 0 && layer.satisfied > 0 {
        text.push_str(&format!(" ✓{}", layer.satisfied));
    }
    text
}
