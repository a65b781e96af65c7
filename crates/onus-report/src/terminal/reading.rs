//! What was read.

use std::io;

use onus_model::{Level, SourceKind};

use super::paint::Look;
use super::screen::Screen;
use crate::text::cut_start;
use crate::view::View;
use crate::words::{counted, scopes, size, thousands};

const KINDS: [SourceKind; 6] = [
    SourceKind::Terraform,
    SourceKind::TerraformPlan,
    SourceKind::TerraformState,
    SourceKind::Cloudformation,
    SourceKind::Config,
    SourceKind::Live,
];

pub(super) fn write(screen: &mut Screen<'_>, view: View<'_>) -> io::Result<()> {
    let counts = &view.assessment.counts;
    screen.heading("What was read")?;
    for kind in KINDS {
        roots(screen, view, kind)?;
    }
    if view.assessment.scopes.is_empty() {
        screen
            .line("  nothing that onus reads: no Terraform, no CloudFormation, no plan or state")?;
    }
    let resources = size(counts.resources);
    let mut said = vec![
        counted(resources, "resource", "resources"),
        ecow::eco_format!("{} described in depth", thousands(size(counts.in_depth))),
    ];
    let by_class = resources
        .saturating_sub(size(counts.in_depth))
        .saturating_sub(size(counts.unknown_service))
        .saturating_sub(size(counts.not_aws));
    for (count, words) in [
        (by_class, "by the default of their service or class"),
        (size(counts.unknown_service), "of services that the catalog does not know"),
        (size(counts.not_aws), "not of AWS"),
        (size(counts.possible), "that may or may not exist"),
    ] {
        if count > 0 {
            said.push(ecow::eco_format!("{} {words}", thousands(count)));
        }
    }
    screen.prose(2, (Look::Plain, ""), 0, Look::Plain, &said.join(", "))?;
    not_read(screen, view)
}

fn roots(screen: &mut Screen<'_>, view: View<'_>, kind: SourceKind) -> io::Result<()> {
    const SHOWN: usize = 6;
    let paths: Vec<&str> = view
        .assessment
        .scopes
        .iter()
        .filter(|scope| scope.kind == kind)
        .map(|scope| scope.path.as_str())
        .collect();
    if paths.is_empty() {
        return Ok(());
    }
    let count = scopes(kind, paths.len());
    let columns = crate::text::width(&count) + 2;
    let room = screen.width.saturating_sub(2 + columns);
    let mut words: Vec<_> = paths
        .iter()
        .take(SHOWN)
        .map(|path| screen.word(Look::Faint, &cut_start(path, room)))
        .collect();
    if paths.len() > SHOWN {
        let more = format!("and {} more", paths.len() - SHOWN);
        words.push(screen.word(Look::Faint, &more));
    }
    screen.flow(2, (Look::Plain, &count), columns, &words)
}

fn not_read(screen: &mut Screen<'_>, view: View<'_>) -> io::Result<()> {
    let of = |level: Level| {
        view.assessment.diagnostics.iter().filter(|said| said.level == level).count()
    };
    let mut parts = Vec::new();
    for (count, one, many) in [
        (view.assessment.unread.len(), "part not read", "parts not read"),
        (of(Level::Error), "error", "errors"),
        (of(Level::Warning), "warning", "warnings"),
    ] {
        if count > 0 {
            parts.push(counted(count, one, many));
        }
    }
    if parts.is_empty() {
        return Ok(());
    }
    let text = format!("! {}: see the end", parts.join(", "));
    screen.sides(2, &[(Look::Doubt, &text)], &[])
}
