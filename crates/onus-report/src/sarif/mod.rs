//! SARIF 2.1.0, for code scanning: a rule a control, a result for what is open or undecided.

mod log;

use std::io::{self, Write};

use indexmap::IndexSet;
use onus_model::{
    AssessedResource, Assessment, Control, Diagnostic, EcoString, Files, Finding, Level, Severity,
    Span, Verdict, eco_format,
};
use sha2::{Digest, Sha256};

use crate::Options;
use crate::view::View;
use crate::words;
use log::{
    Artifact, Driver, Fingerprints, Invocation, Location, LogicalLocation, Message, Multiformat,
    Notification, Physical, Region, Result, ResultProperties, Rule, RuleConfiguration,
    RuleProperties, Text,
};

const HEAD: &str = concat!(
    "{\n\"$schema\": \"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json\",\n",
    "\"version\": \"2.1.0\",\n\"runs\": [{\n\"tool\": {\"driver\": "
);

/// Writes the report.
pub(crate) fn write(
    assessment: &Assessment,
    files: &Files,
    options: &Options<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let view = View { assessment, files };
    let driver = Driver {
        name: "onus",
        semantic_version: options.version,
        rules: assessment.controls.iter().map(rule).collect(),
    };
    out.write_all(HEAD.as_bytes())?;
    serde_json::to_writer(&mut *out, &driver)?;
    out.write_all(b"},\n\"invocations\": [")?;
    serde_json::to_writer(&mut *out, &invocation(view))?;
    out.write_all(b"],\n\"results\": [")?;
    let told = assessment
        .findings
        .iter()
        .filter(|one| matches!(one.verdict, Verdict::NotSatisfied | Verdict::Unknown));
    let mut row = Vec::with_capacity(2048);
    let mut before: &[u8] = b"\n";
    for finding in told {
        let Some((control, resource)) = view.sides(finding) else { continue };
        row.clear();
        serde_json::to_writer(&mut row, &result(view, finding, control, resource))?;
        out.write_all(before)?;
        out.write_all(&row)?;
        before = b",\n";
    }
    out.write_all(b"]\n}]\n}\n")
}

fn rule(control: &Control) -> Rule<'_> {
    let (level, security) = match control.severity {
        Severity::Critical => ("error", "9.5"),
        Severity::High => ("error", "8.0"),
        Severity::Medium => ("warning", "5.5"),
        Severity::Low => ("note", "3.0"),
    };
    let aliases = control.aliases.iter().map(|(scheme, id)| eco_format!("{scheme}/{id}"));
    let tags: IndexSet<EcoString> = ["security".into(), eco_format!("service/{}", control.service)]
        .into_iter()
        .chain([eco_format!("duty/{}/{}", control.layer, control.verb)])
        .chain(aliases)
        .collect();
    Rule {
        id: &control.id,
        short_description: Text { text: &control.title },
        full_description: Text {
            text: if control.why.is_empty() { &control.title } else { &control.why },
        },
        help: help(control),
        help_uri: control
            .basis
            .iter()
            .map(|basis| basis.url.as_str())
            .find(|url| url.starts_with("https://")),
        default_configuration: RuleConfiguration { level },
        properties: RuleProperties {
            tags: tags.into_iter().collect(),
            security_severity: security,
        },
    }
}

fn help(control: &Control) -> Multiformat {
    use crate::escape::markdown::{block, text};
    let mut plain = vec![control.title.to_string(), control.why.to_string()];
    let mut marked = vec![format!("**{}**", text(&control.title)), text(&control.why)];
    for (name, language, fix) in [
        ("Terraform", "hcl", &control.fix_terraform),
        ("CloudFormation", "yaml", &control.fix_cloudformation),
    ] {
        if !fix.is_empty() {
            plain.push(format!("Fix in {name}:\n{fix}"));
            marked.push(format!("Fix in {name}:\n\n{}", block(language, fix)));
        }
    }
    for basis in &control.basis {
        plain.push(format!("{} (read {})", basis.url, basis.as_of));
        marked.push(format!("{} (read {})", text(&basis.url), text(&basis.as_of)));
    }
    Multiformat { text: plain.join("\n\n"), markdown: marked.join("\n\n") }
}

fn result<'a>(
    view: View<'a>,
    finding: &'a Finding,
    control: &'a Control,
    resource: &'a AssessedResource,
) -> Result<'a> {
    let open = finding.verdict == Verdict::NotSatisfied;
    // SARIF 3.27.9: a result that is no failure has no level of its own.
    let level = match (open, control.severity) {
        (false, _) => "none",
        (true, Severity::Critical | Severity::High) => "error",
        (true, Severity::Medium) => "warning",
        (true, Severity::Low) => "note",
    };
    Result {
        rule_id: &control.id,
        rule_index: finding.control,
        kind: if open { "fail" } else { "open" },
        level,
        message: Message { text: message(view, finding, control, resource) },
        locations: vec![Location {
            physical_location: physical(view, resource.span),
            logical_locations: vec![LogicalLocation {
                fully_qualified_name: &resource.address,
                kind: "resource",
            }],
            message: None,
        }],
        related_locations: related(view, finding),
        partial_fingerprints: Fingerprints { onus: fingerprint(view, control, resource) },
        properties: ResultProperties {
            resource: &resource.address,
            verdict: finding.verdict,
            severity: control.severity,
        },
    }
}

/// Where the evidence and the blockers stand, each once: the schema wants a set.
fn related<'a>(view: View<'_>, finding: &Finding) -> Vec<Location<'a>> {
    let evidence =
        finding.evidence.iter().map(|one| (one.span, eco_format!("{} = {}", one.fact, one.value)));
    let blockers = finding
        .blockers
        .iter()
        .map(|one| (one.span, eco_format!("{} waits for {}", one.fact, one.settles)));
    let mut seen: Vec<(Span, EcoString)> = Vec::new();
    for place in evidence.chain(blockers) {
        if !view.path(place.0).is_empty() && !seen.contains(&place) {
            seen.push(place);
        }
    }
    let location = |(span, text): (Span, EcoString)| Location {
        physical_location: physical(view, span),
        logical_locations: Vec::new(),
        message: Some(Message { text: shown(&text) }),
    };
    seen.into_iter().map(location).collect()
}

/// What is wrong, on what evidence, and the fix for this kind of source.
fn message(
    view: View<'_>,
    finding: &Finding,
    control: &Control,
    resource: &AssessedResource,
) -> String {
    let verdict =
        if finding.verdict == Verdict::NotSatisfied { "not satisfied" } else { "undecided" };
    let mut lines = vec![format!("{}: {verdict} for {}.", control.title, resource.address)];
    for one in &finding.evidence {
        let origin = match one.origin {
            onus_model::Origin::Set => view.files.display(one.span),
            onus_model::Origin::Default => "AWS's default".into(),
        };
        lines.push(format!("{} = {} ({origin})", one.fact, one.value));
    }
    for one in &finding.blockers {
        let why = words::reason_clause(one.reason);
        lines.push(format!("{} {why}; settled by {}", one.fact, one.settles));
    }
    let fix = words::fix(view.source_kind(resource), control);
    if finding.verdict == Verdict::NotSatisfied && !fix.is_empty() {
        lines.push(format!("Fix:\n{fix}"));
    }
    shown(&lines.join("\n"))
}

/// A message in which nothing is taken for a placeholder (`{0}`, 3.11.5) or a link (`[text](target)`,
/// 3.11.6). Braces and brackets that cannot be are left alone, since viewers show escapes as they are.
fn shown(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match (c, rest.peek()) {
            ('{', Some('0'..='9')) => safe.push_str("{{"),
            (']', Some('(')) => safe.push_str("\\]"),
            (c, _) if c.is_control() && c != '\n' => safe.push('\u{fffd}'),
            (c, _) => safe.push(c),
        }
    }
    safe
}

/// Names the same finding in the next run: control, scope, address; no line.
fn fingerprint(view: View<'_>, control: &Control, resource: &AssessedResource) -> String {
    let mut hash = Sha256::new();
    for part in [control.id.as_str(), view.scope(resource.scope), resource.address.as_str()] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.finalize().iter().take(16).fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

fn physical(view: View<'_>, span: Span) -> Option<Physical> {
    let path = view.path(span);
    if path.is_empty() {
        return None;
    }
    // 0 is "the file as a whole", which SARIF says by no region.
    let region = (span.line > 0).then_some(Region {
        start_line: span.line,
        start_column: (span.column > 0).then_some(span.column),
    });
    Some(Physical { artifact_location: Artifact { uri: uri(&path) }, region })
}

/// A path as a URI reference, after RFC 3986: all but unreserved characters and `/` in percent form.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    if path.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

fn invocation(view: View<'_>) -> Invocation {
    let diagnostics = &view.assessment.diagnostics;
    let said = diagnostics.iter().map(|said| notification(view, said));
    let unread = view.assessment.unread.iter().map(|part| Notification {
        level: "warning",
        message: Message { text: shown(&format!("not read: {}: {}", part.address, part.settles)) },
        locations: location(view, part.span),
    });
    Invocation {
        execution_successful: diagnostics.iter().all(|said| said.level != Level::Error),
        tool_execution_notifications: said.chain(unread).collect(),
    }
}

fn notification(view: View<'_>, said: &Diagnostic) -> Notification {
    let help = if said.help.is_empty() { EcoString::new() } else { eco_format!("\n{}", said.help) };
    Notification {
        level: words::level(said.level),
        message: Message { text: shown(&format!("{}{help}", said.message)) },
        locations: location(view, said.span),
    }
}

fn location(view: View<'_>, span: Span) -> Vec<Location<'static>> {
    let physical = physical(view, span);
    if physical.is_none() {
        return Vec::new();
    }
    vec![Location { physical_location: physical, logical_locations: Vec::new(), message: None }]
}
