//! The diff for programs. Its shape is published in `docs/schema/diff-1.schema.json`.

use std::io::{self, Write};

use onus_model::{Allocation, EcoString, Layer, Severity, Verb, Verdict};
use serde::Serialize;

use super::{Came, Changed, Diff, Moved};
use crate::Options;
use crate::json::Document;
use crate::words;

#[derive(Serialize)]
struct MovedRow<'a> {
    resource: &'a str,
    scope: &'a str,
    #[serde(rename = "type")]
    type_name: &'a str,
    file: &'a str,
    line: u32,
    layer: Layer,
    verb: Verb,
    from: Allocation,
    to: Allocation,
    because: EcoString,
    was_because: EcoString,
    settles: &'a [EcoString],
    aws: &'a str,
    you: &'a str,
}

#[derive(Serialize)]
struct EvidenceRow<'a> {
    fact: &'a str,
    value: &'a str,
    file: &'a str,
    line: u32,
}

#[derive(Serialize)]
struct BlockerRow<'a> {
    fact: &'a str,
    settles: &'a str,
    reason: onus_model::Reason,
}

#[derive(Serialize)]
struct ChangedRow<'a> {
    control: &'a str,
    resource: &'a str,
    scope: &'a str,
    file: &'a str,
    line: u32,
    title: &'a str,
    severity: Option<Severity>,
    from: Option<Verdict>,
    to: Option<Verdict>,
    evidence: Vec<EvidenceRow<'a>>,
    blockers: Vec<BlockerRow<'a>>,
}

#[derive(Serialize)]
struct CameRow<'a> {
    resource: &'a str,
    scope: &'a str,
    #[serde(rename = "type")]
    type_name: &'a str,
    file: &'a str,
    line: u32,
    yours: usize,
}

pub(super) fn write(diff: &Diff, options: &Options<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut document = Document::new(out);
    document.member("schema", &"onus-diff/1")?;
    document.tool(options)?;
    document.member("kept", &diff.kept)?;
    document.members("moved", diff.moved.iter().map(moved))?;
    document.members("opened", diff.opened.iter().map(changed))?;
    document.members("closed", diff.closed.iter().map(changed))?;
    document.members("new_unknowns", diff.new_unknowns.iter().map(changed))?;
    document.members("settled", diff.settled.iter().map(changed))?;
    document.members("added", diff.added.iter().map(came))?;
    document.members("removed", diff.removed.iter().map(came))?;
    document.end()
}

fn moved(row: &Moved) -> MovedRow<'_> {
    MovedRow {
        resource: &row.resource,
        scope: &row.scope,
        type_name: &row.type_name,
        file: &row.file,
        line: row.line,
        layer: row.layer,
        verb: row.verb,
        from: row.from,
        to: row.to,
        because: words::because(&row.because),
        was_because: words::because(&row.was_because),
        settles: &row.settles,
        aws: &row.aws,
        you: &row.you,
    }
}

fn changed(row: &Changed) -> ChangedRow<'_> {
    let evidence = row.evidence.iter().map(|evidence| EvidenceRow {
        fact: &evidence.fact,
        value: &evidence.value,
        file: &evidence.file,
        line: evidence.line,
    });
    let blockers = row.blockers.iter().map(|blocker| BlockerRow {
        fact: &blocker.fact,
        settles: &blocker.settles,
        reason: blocker.reason,
    });
    ChangedRow {
        control: &row.control,
        resource: &row.resource,
        scope: &row.scope,
        file: &row.file,
        line: row.line,
        title: &row.title,
        severity: row.severity,
        from: row.from,
        to: row.to,
        evidence: evidence.collect(),
        blockers: blockers.collect(),
    }
}

fn came(row: &Came) -> CameRow<'_> {
    CameRow {
        resource: &row.resource,
        scope: &row.scope,
        type_name: &row.type_name,
        file: &row.file,
        line: row.line,
        yours: row.yours,
    }
}
